// Waits for the first data of a project, and turns into it when it arrives.
import {useQuery} from '@tanstack/react-query';
import {useEffect, useState} from 'react';
import type {ReactElement} from 'react';
import {formatAge, formatMoment} from '../../base/numbers.ts';
import {LevelMark, levelOf} from '../../widgets/Icon.tsx';
import {Link} from '../../widgets/Link.tsx';
import {textOf} from '../../wire/events_table.ts';
import {newestDataQuery} from '../../wire/first_data.ts';
import type {FirstData} from '../../wire/first_data.ts';
import {useOrganization} from '../../wire/session.ts';

const LOOK_EVERY_MS = 1_000;
const CELL_S = 30;
const CELLS = 10;

export function Arrival({project}: {readonly project: string}): ReactElement {
  const organization = useOrganization();
  const newest = useQuery(newestDataQuery(organization, project, LOOK_EVERY_MS));
  return (
    <div className="arrival" role="status">
      {newest.data ? <Arrived data={newest.data} /> : <Waiting trouble={newest.isError ? newest.error.message : ''} />}
    </div>
  );
}

function Waiting({trouble}: {readonly trouble: string}): ReactElement {
  const [since] = useState(() => Date.now());
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const passed = Math.floor((now - since) / 1000 / CELL_S);
  return (
    <>
      <div className="row"><LevelMark level="info" /><b>Waiting for your first event…</b></div>
      <div className="cells" aria-hidden="true">
        {Array.from({length: CELLS}, (_, cell) => <i key={cell} className={cell <= passed ? 'passed' : ''} />)}
      </div>
      <p className="small second" aria-live="off">
        {trouble === '' ? `Nothing received in ${formatAge(since, now)}. One cell is ${CELL_S} s. The event shows here when it arrives.` : trouble}
      </p>
    </>
  );
}

function Arrived({data}: {readonly data: FirstData}): ReactElement {
  const {row, dataset} = data;
  const trace = textOf(row['trace']);
  const title = textOf(row['title']) || textOf(row['message']) || textOf(row['description']) || textOf(row['span.op']) || 'Something without a name';
  const kind = {errors: 'event', spans: 'span', logs: 'log'}[dataset];
  return (
    <>
      <div className="row"><LevelMark level="ok" /><b>First {kind} received</b><span className="grow" /><span className="mono quiet">{formatMoment(textOf(row['timestamp']))}</span></div>
      <p className="arrival-title">
        {dataset === 'errors' && <LevelMark level={levelOf(textOf(row['level']))} />}
        <span className="strong cut">{title}</span>
      </p>
      <p className="small second">Project {textOf(row['project'])}</p>
      {trace !== '' ? <Link className="button primary" to={`/traces/${encodeURIComponent(trace)}`}>Open trace</Link> : <Link className="button primary" to="/">Go on</Link>}
    </>
  );
}
