// Rows or groups as a table: only what is on the screen is in the page; heads sort at the server.
import {useVirtualizer} from '@tanstack/react-virtual';
import {useRef} from 'react';
import type {ReactElement} from 'react';
import {termOf} from '../../base/query_terms.ts';
import {slotOf} from '../../base/service_slots.ts';
import {Button} from '../../widgets/Button.tsx';
import {levelOf, LevelMark} from '../../widgets/Icon.tsx';
import {Link} from '../../widgets/Link.tsx';
import {useSetSearch} from '../../widgets/use_scope.ts';
import {textOf} from '../../wire/events_table.ts';
import type {TableAnswer} from '../../wire/events_table.ts';
import type {Json} from '../../wire/schema.ts';
import {formatCell, isNumber} from './cells.ts';
import {titlesOf} from './explore_view.ts';
import type {ExploreView} from './explore_view.ts';

const ROW_PX = 32;
/** What a row says gets the room. */
const SAYING: ReadonlySet<string> = new Set(['span.description', 'title', 'message', 'metric.name']);
const SERVICES: ReadonlySet<string> = new Set(['service', 'service.name']);
type Row = Readonly<Record<string, Json>>;

export function ResultTable({view, table}: {readonly view: ExploreView; readonly table: TableAnswer}): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  const setSearch = useSetSearch();
  const titles = titlesOf(view);
  const virtual = useVirtualizer({count: table.rows.length, getScrollElement: () => place.current, estimateSize: () => ROW_PX, overscan: 12});
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const sortBy = (field: string): void => setSearch({sort: view.sort === `-${field}` ? field : `-${field}`, cursor: ''});
  return (
    <div ref={place} className="scroll figure-table explore-table" tabIndex={0} role="region" aria-label={view.isGrouped ? 'Groups' : view.dataset.title}>
      <table aria-rowcount={table.rows.length + 1}>
        <thead>
          <tr>
            {titles.map(field => (
              <th key={field} scope="col" className={isNumber(table.meta, field) ? 'right' : ''} aria-sort={view.sort === field ? 'ascending' : view.sort === `-${field}` ? 'descending' : undefined}>
                <button type="button" onClick={() => sortBy(field)}>{field}{view.sort === `-${field}` ? ' ↓' : view.sort === field ? ' ↑' : ''}</button>
              </th>
            ))}
            <th scope="col"><span className="unseen">More</span></th>
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden="true"><td style={{height: before, padding: 0}} colSpan={titles.length + 1} /></tr>}
          {items.map(item => {
            const row = table.rows[item.index] ?? {};
            return (
              <tr key={item.key} aria-rowindex={item.index + 2}>
                {titles.map(field => <Cell key={field} view={view} table={table} row={row} at={item.index} field={field} />)}
                <td className="more-cell">{view.isGrouped ? <GroupActions view={view} row={row} /> : <RowLink view={view} row={row} />}</td>
              </tr>
            );
          })}
          {after > 0 && <tr aria-hidden="true"><td style={{height: after, padding: 0}} colSpan={titles.length + 1} /></tr>}
        </tbody>
      </table>
    </div>
  );
}

function Cell({view, table, row, at, field}: {readonly view: ExploreView; readonly table: TableAnswer; readonly row: Row; readonly at: number; readonly field: string}): ReactElement {
  const text = formatCell(table.meta, field, row[field]);
  const isRough = table.meta.accuracy?.confidence[at]?.[field] === 'low';
  if (isNumber(table.meta, field)) return <td className="right">{isRough && <span title="Too few kept rows for a sure figure">≈ </span>}{text}</td>;
  return (
    <td className={SAYING.has(field) ? 'wide saying' : 'wide'} title={text}>
      {SERVICES.has(field) && text !== '–' && <span className={`swatch slot-${slotOf(text)}`} />} {field === 'level' && text !== '–' && <LevelMarkBeside text={text} />}
      {field === 'timestamp' ? <span className="second">{text}</span> : text === '–' && view.isGrouped ? <span className="quiet">(empty)</span> : text}
    </td>
  );
}

function LevelMarkBeside({text}: {readonly text: string}): ReactElement {
  return <span className="level-beside"><LevelMark level={levelOf(text)} /></span>;
}

function RowLink({view, row}: {readonly view: ExploreView; readonly row: Row}): ReactElement | null {
  const trace = textOf(row['trace']);
  const hash = textOf(row['group.hash']);
  const hasTrace = /[1-9a-f]/.test(trace);
  return (
    <>
      {view.dataset.name === 'errors' && hash !== '' && <Link to="/issues" search={{query: `hash:${hash}`}}>issue</Link>}{' '}
      {hasTrace && <Link to={`/traces/${encodeURIComponent(trace)}`} search={{span: textOf(row['span_id'])}}>trace</Link>}
    </>
  );
}

/** To the rows of a group, and to what they have that others have not. */
function GroupActions({view, row}: {readonly view: ExploreView; readonly row: Row}): ReactElement | null {
  const setSearch = useSetSearch();
  if (view.groupBy.length === 0) return null;
  const terms = view.groupBy.map(field => (textOf(row[field]) === '' ? `!has:${field}` : termOf(field, textOf(row[field])))).join(' ');
  const name = view.groupBy.map(field => textOf(row[field]) || '(empty)').join(', ');
  return (
    <>
      <Button look="quiet" aria-label={`Rows of ${name}`} onClick={() => setSearch({query: `${view.query} ${terms}`.trim(), rows: 'rows', sort: '', cursor: ''})}>rows</Button>
      <Button look="quiet" aria-label={`What differs in ${name}`} isPressed={view.selection === terms} onClick={() => setSearch({selection: view.selection === terms ? '' : terms})}>differs</Button>
    </>
  );
}
