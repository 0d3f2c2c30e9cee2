// What a query box is told.
import type {QueryPlace} from '../base/query_place.ts';

/** `text` is written in place of what stands there so far. */
export type Suggestion = {readonly text: string; readonly note: string};

export type QueryBoxProps = {
  readonly query: string;
  readonly placeholder: string;
  /** Where the server found the query wrong, in characters from 0, and what it said. */
  readonly wrong?: {readonly position: number; readonly message: string} | undefined;
  readonly suggest: (place: QueryPlace) => Promise<readonly Suggestion[]>;
  readonly onAsk: (query: string) => void;
  /** What is written is told, so that a button can ask for it. */
  readonly onWrite?: (query: string) => void;
};
