// What is shown, as a file: CSV for spreadsheets, JSON for programs.
import type {ReactElement} from 'react';
import {writeCsv} from '../../base/csv.ts';
import {Button} from '../../widgets/Button.tsx';
import type {TableAnswer} from '../../wire/events_table.ts';
import {fieldsOf} from './explore_view.ts';
import type {ExploreView} from './explore_view.ts';

type Props = {readonly view: ExploreView; readonly table: TableAnswer | undefined};

export function ExportButtons({view, table}: Props): ReactElement {
  const isEmpty = table === undefined || table.rows.length === 0;
  const fields = fieldsOf(view);
  const save = (kind: 'csv' | 'json'): void => {
    if (table === undefined) return;
    const text = kind === 'csv' ? writeCsv(fields, table.rows.map(row => fields.map(field => row[field]))) : JSON.stringify({query: view.query, fields: table.meta.fields, units: table.meta.units, data: table.rows}, null, 2);
    saveFile(`${view.dataset.name}.${kind}`, text, kind === 'csv' ? 'text/csv' : 'application/json');
  };
  return (
    <div className="row" role="group" aria-label="Save what is shown">
      <Button look="quiet" disabled={isEmpty} onClick={() => save('csv')}>Save as CSV</Button>
      <Button look="quiet" disabled={isEmpty} onClick={() => save('json')}>JSON</Button>
    </div>
  );
}

function saveFile(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], {type}));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
