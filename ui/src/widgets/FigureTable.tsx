// A table of figures: text on the left, numbers in line on the right, sorted by the column that one chooses.
import {useMemo, useState} from 'react';
import type {ReactElement, ReactNode} from 'react';

export type Column<Row> = {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** A number to sort by; columns without one are text and keep their order. */
  readonly by?: (row: Row) => number;
  readonly isNarrowOff?: boolean;
};

type Props<Row> = {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row, at: number) => string;
  /** The title of the column by which it is sorted first. */
  readonly first?: string;
};

export function FigureTable<Row>({label, rows, columns, keyOf, first}: Props<Row>): ReactElement {
  const [sortedBy, setSortedBy] = useState(first ?? '');
  const sorted = useMemo(() => {
    const by = columns.find(column => column.title === sortedBy)?.by;
    return by === undefined ? rows : [...rows].sort((one, other) => by(other) - by(one));
  }, [rows, columns, sortedBy]);
  return (
    <div className="scroll figure-table" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column.title} scope="col" className={classOf(column)} aria-sort={column.by && column.title === sortedBy ? 'descending' : undefined}>
                {column.by ? <button type="button" onClick={() => setSortedBy(column.title)}>{column.title}</button> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row, at) => (
            <tr key={keyOf(row, at)}>{columns.map(column => <td key={column.title} className={classOf(column)}>{column.cell(row)}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classOf<Row>(column: Column<Row>): string {
  return `${column.by ? 'right' : 'wide'}${column.isNarrowOff ? ' narrow-off' : ''}`;
}
