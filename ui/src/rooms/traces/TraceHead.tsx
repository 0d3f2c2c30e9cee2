// What the trace is, what to know before believing it, and its views.
import type {ReactElement} from 'react';
import {useMemo} from 'react';
import {formatClock, formatCount, formatDuration} from '../../base/numbers.ts';
import {errorCount, labelOf, traceFaults, wordAt} from '../../model/trace.ts';
import {CopyButton, Tag} from '../../widgets/Button.tsx';
import {Link} from '../../widgets/Link.tsx';
import {useSetSearch} from '../../widgets/use_scope.ts';
import type {TraceView} from './trace_view.ts';

const VIEWS: readonly (readonly [name: string, title: string])[] = [
  ['waterfall', 'Waterfall'],
  ['flame', 'Flame'],
  ['list', 'List'],
  ['statistics', 'Statistics'],
  ['logs', 'Logs'],
  ['journey', 'Journey'],
];

export function TraceHead({view, shown, logs}: {readonly view: TraceView; readonly shown: string; readonly logs: number | undefined}): ReactElement {
  const setSearch = useSetSearch();
  const {trace} = view;
  const facts = useMemo(() => ({errors: errorCount(trace), ...traceFaults(trace)}), [trace]);
  return (
    <>
      <div className="trace-head">
        <h1 className="cut">{labelOf(trace, 0)}</h1>
        <span className="mono quiet">{trace.id.slice(0, 16)}</span>
        <CopyButton what="the trace id" label="" text={trace.id} />
        <span className="grow" />
        <Fact name="Duration" value={formatDuration(trace.durationNs)} />
        <Fact name="Spans" value={formatCount(trace.total)} />
        <Fact name="Services" value={formatCount(trace.service.values.length)} />
        <Fact name="Errors" value={formatCount(facts.errors)} isBad={facts.errors > 0} />
        <Fact name="Start" value={`${formatClock(trace.startIso, {isUtc: true, digits: 3})} UTC`} />
        {wordAt(trace.environment, 0) !== '' && <Tag>{wordAt(trace.environment, 0)}</Tag>}
        {trace.count < trace.total && <Tag tone="warn">{formatCount(trace.count)} of {formatCount(trace.total)} spans read</Tag>}
        {facts.orphans > 0 && <Tag tone="warn" title="They name a parent that did not arrive: it may be late, sampled out, or sent elsewhere.">{formatCount(facts.orphans)} without their parent</Tag>}
        {facts.skewed > 0 && <Tag tone="warn" title="They start before their parent: the clocks of two machines differ. Times are shown as they were sent.">{formatCount(facts.skewed)} before their parent, clock skew</Tag>}
        {facts.late > 0 && <Tag tone="warn" title="They arrived more than a minute after they ended.">{formatCount(facts.late)} late</Tag>}
        {facts.repeated > 0 && <Tag tone="warn" title="They were sent more than once.">{formatCount(facts.repeated)} repeated</Tag>}
        {facts.circular > 0 && <Tag tone="warn" title="Their parents lead back to themselves.">{formatCount(facts.circular)} in a circle</Tag>}
      </div>
      <nav className="tabs" aria-label="Views of the trace">
        {VIEWS.map(([name, title]) => (
          <button key={name} type="button" aria-current={name === shown ? 'page' : undefined} onClick={() => setSearch({view: name === 'waterfall' ? '' : name})}>
            {title}
            {name === 'logs' && logs !== undefined && <span className="count">{formatCount(logs)}</span>}
          </button>
        ))}
        <span className="grow" />
        <Link to="/traces/compare" search={{one: trace.id}}>Compare</Link>
      </nav>
    </>
  );
}

function Fact({name, value, isBad}: {readonly name: string; readonly value: string; readonly isBad?: boolean}): ReactElement {
  return <span className="fact"><span className="quiet">{name}</span> <b className={isBad ? 'wf-failed' : ''}>{value}</b></span>;
}
