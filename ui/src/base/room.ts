// What a room of the pages tells the shell about itself.
import type {ComponentType} from 'react';

export type Page = {
  /** In the router's form: "/traces/$traceId". */
  readonly path: string;
  readonly load: () => Promise<{readonly default: ComponentType}>;
  /** It needs the width: the rail is narrow there until somebody says otherwise. */
  readonly isWide?: boolean;
};

export type Room = {
  readonly name: string;
  /** In the rail, and in the palette. */
  readonly title: string;
  /** Path data of a 16 × 16 icon. */
  readonly icon: string;
  /** Where the rail leads; null for rooms that are not in it. */
  readonly start: string | null;
  /** Below the others in the rail. */
  readonly isLast?: boolean;
  readonly pages: readonly Page[];
  /** More places for the palette. */
  readonly places?: readonly {readonly title: string; readonly to: string}[];
};
