// Two traces side by side: what only one has, what became slower.
import {useQueries} from '@tanstack/react-query';
import {useMemo, useState} from 'react';
import type {FormEvent, ReactElement} from 'react';
import {formatCount, formatDuration} from '../../base/numbers.ts';
import {oneOf} from '../../base/search_record.ts';
import {slotOf} from '../../base/service_slots.ts';
import {readTrace} from '../../model/trace.ts';
import {compareTraces} from '../../model/trace_compare.ts';
import type {ComparedRow} from '../../model/trace_compare.ts';
import {Button, Tag} from '../../widgets/Button.tsx';
import type {TagTone} from '../../widgets/Button.tsx';
import {Empty, Failure, Foot, Loading} from '../../widgets/States.tsx';
import {useSearchRecord, useSetSearch} from '../../widgets/use_scope.ts';
import {traceAnswer} from '../../wire/traces.ts';
import './traces.css';

const ROWS_MAX = 2_000;
const STATES: Readonly<Record<ComparedRow['state'], readonly [text: string, tone: TagTone]>> = {
  same: ['', 'plain'],
  'only-one': ['gone', 'warn'],
  'only-other': ['new', 'info'],
  slower: ['slower', 'error'],
  faster: ['faster', 'ok'],
  count: ['other count', 'plain'],
};

export default function ComparePage(): ReactElement {
  const search = useSearchRecord();
  const setSearch = useSetSearch();
  const ids = [oneOf(search, 'one'), oneOf(search, 'other')].map(cleanId);
  const [first, second] = useQueries({
    queries: ids.map(id => ({
      queryKey: ['trace-columns', id],
      queryFn: async ({signal}: {signal: AbortSignal}) => readTrace(await traceAnswer(id, signal)),
      enabled: id !== '',
      staleTime: 60_000,
      structuralSharing: false as const,
    })),
  });
  const rows = useMemo(() => (first?.data && second?.data ? compareTraces(first.data, second.data) : null), [first?.data, second?.data]);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setSearch({one: String(given.get('one')).trim(), other: String(given.get('other')).trim()});
  };
  const failed = [first, second].find(each => each?.isError);
  return (
    <div className="page">
      <div className="head"><h1>Compare two traces</h1></div>
      <form className="bar" onSubmit={submit} key={ids.join(' ')}>
        <label className="row">Before <input className="field mono trace-id" name="one" defaultValue={ids[0]} placeholder="trace id" data-query /></label>
        <label className="row">After <input className="field mono trace-id" name="other" defaultValue={ids[1]} placeholder="trace id" /></label>
        <Button look="primary" type="submit">Compare</Button>
      </form>
      {failed && <Failure what="One of the traces could not be read" error={failed.error} />}
      {!failed && ids.includes('') && <Empty title="Name two traces">Open a trace and choose Compare, or paste two ids. A good pair is a slow one and a usual one of the same operation.</Empty>}
      {!failed && !ids.includes('') && rows === null && <Loading what="both traces" />}
      {rows !== null && <Compared rows={rows} />}
    </div>
  );
}

function Compared({rows}: {readonly rows: readonly ComparedRow[]}): ReactElement {
  const [onlyChanges, setOnlyChanges] = useState(false);
  const wanted = onlyChanges ? rows.filter(row => row.state !== 'same') : rows;
  const changed = rows.filter(row => row.state !== 'same').length;
  return (
    <>
      <div className="scroll span-list" tabIndex={0} role="region" aria-label="Comparison">
        <table>
          <thead>
            <tr>
              <th scope="col">Service and operation</th><th scope="col">What differs</th><th scope="col" className="right">Spans before</th><th scope="col" className="right">after</th>
              <th scope="col" className="right">Time before</th><th scope="col" className="right">after</th><th scope="col" className="right">Change</th>
            </tr>
          </thead>
          <tbody>
            {wanted.slice(0, ROWS_MAX).map((row, at) => (
              <tr key={at}>
                <td className="wide"><span className="row" style={{paddingLeft: Math.min(row.depth, 12) * 14}}><span className={`swatch slot-${slotOf(row.service)}`} /><span className="second">{row.service}</span> <span className="cut">{row.label}</span></span></td>
                <td>{row.state !== 'same' && <Tag tone={STATES[row.state][1]}>{STATES[row.state][0]}</Tag>}</td>
                <td className="right">{row.one.count === 0 ? '–' : formatCount(row.one.count)}</td>
                <td className="right">{row.other.count === 0 ? '–' : formatCount(row.other.count)}</td>
                <td className="right">{row.one.count === 0 ? '–' : formatDuration(row.one.totalNs)}</td>
                <td className="right">{row.other.count === 0 ? '–' : formatDuration(row.other.totalNs)}</td>
                <td className="right">{row.one.count > 0 && row.other.count > 0 ? signed(row.other.totalNs - row.one.totalNs) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Foot>
        <span><b>{formatCount(Math.min(wanted.length, ROWS_MAX))}</b> of <b>{formatCount(rows.length)}</b> rows shown, {formatCount(changed)} differ</span>
        <label className="row"><input type="checkbox" checked={onlyChanges} onChange={event => setOnlyChanges(event.target.checked)} />only what differs</label>
      </Foot>
    </>
  );
}

function signed(ns: number): string {
  return ns > 0 ? `+${formatDuration(ns)}` : formatDuration(ns);
}

/** People paste ids with dashes, and links. */
function cleanId(text: string): string {
  return /([0-9a-f]{32})/.exec(text.replaceAll('-', '').toLowerCase())?.[1] ?? '';
}
