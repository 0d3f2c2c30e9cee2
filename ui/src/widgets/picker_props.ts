// What a picker and the list that it opens are told.
import type {ReactElement} from 'react';

export type Choice = {readonly value: string; readonly text: string; readonly note?: string};

export type PickerProps = {
  readonly label: string;
  readonly shown: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly isMany?: boolean;
  /** Nothing was chosen: where there is little room, the field's name says more than its value. */
  readonly isAll?: boolean;
  readonly onChoose: (values: readonly string[]) => void;
  readonly onOpen?: () => void;
  /** More below the list, such as a form. */
  readonly footer?: (close: () => void) => ReactElement;
};
