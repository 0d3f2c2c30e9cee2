// The search of traces.
import {useQuery} from '@tanstack/react-query';
import {useNavigate} from '@tanstack/react-router';
import {useMemo, useState} from 'react';
import type {FormEvent, ReactElement} from 'react';
import {useKeys} from '../../base/keys.ts';
import {formatAge, formatCount, formatDuration, formatMoment} from '../../base/numbers.ts';
import {rangeMs} from '../../base/scope.ts';
import {oneOf} from '../../base/search_record.ts';
import {slotOf} from '../../base/service_slots.ts';
import {Button, Segments, Tag} from '../../widgets/Button.tsx';
import {Link} from '../../widgets/Link.tsx';
import {Empty, Failure, Foot, Loading} from '../../widgets/States.tsx';
import {TimeRule} from '../../widgets/TimeRule.tsx';
import {useScope, useScopeSearch, useSearchRecord, useSetSearch} from '../../widgets/use_scope.ts';
import {textOf, numberOf} from '../../wire/events_table.ts';
import {useOrganization} from '../../wire/session.ts';
import {facetQuery, FACETS, spansQuery, tracesQuery, whole} from '../../wire/trace_list.ts';
import type {FoundTrace, Which} from '../../wire/trace_list.ts';
import {DurationHeatmap} from './DurationHeatmap.tsx';
import {hasTerm, toggleTerm} from '../../base/query_terms.ts';
import {SpanCharts} from './SpanCharts.tsx';
import './traces.css';

const SORTS: readonly (readonly [sort: string, title: string])[] = [
  ['-timestamp', 'Newest'],
  ['-span.duration', 'Slowest'],
];
const WHICHES: readonly (readonly [which: Which, title: string])[] = [
  ['traces', 'Traces'],
  ['entries', 'Service entries'],
  ['spans', 'Spans'],
];
const CHARTS: readonly (readonly ['heatmap' | 'durations' | 'counts', string])[] = [
  ['heatmap', 'Heatmap'],
  ['durations', 'p50, p95'],
  ['counts', 'Count'],
];
const SWATCHES_MAX = 6;
const NOT_FAILED: ReadonlySet<string> = new Set(['unset', 'ok', '']);

export default function TracesPage(): ReactElement {
  const organization = useOrganization();
  const scope = useScope();
  const search = useSearchRecord();
  const setSearch = useSetSearch();
  const query = oneOf(search, 'query');
  const sort = oneOf(search, 'sort') || '-timestamp';
  const which = WHICHES.find(([name]) => name === oneOf(search, 'which'))?.[0] ?? 'traces';
  const cursor = oneOf(search, 'cursor');
  const chart = CHARTS.find(([name]) => name === oneOf(search, 'chart'))?.[0] ?? 'heatmap';
  const isWhole = which === 'traces';
  const traces = useQuery({...tracesQuery(scope, {query, cursor}), enabled: isWhole});
  const spans = useQuery({...spansQuery(organization, scope, {which, query, sort, cursor}), enabled: !isWhole});
  const found = isWhole ? traces : spans;
  const ask = (text: string): void => setSearch({query: text, cursor: ''});
  // A minute's grain: the rule does not creep while the page is read.
  const nowMs = Math.ceil((found.dataUpdatedAt || Date.now()) / 60_000) * 60_000;
  const next = found.data?.next ?? '';
  const [startMs, endMs] = rangeMs(scope.range, nowMs);
  return (
    <div className="page">
      <TimeRule startMs={startMs} endMs={endMs} />
      <div className="head">
        <h1>Traces</h1>
        <Segments label="What is listed" value={which} choices={WHICHES} onChoose={name => setSearch({which: name === 'traces' ? '' : name, cursor: ''})} />
        <span className="grow" />
        <Segments label="What is drawn" value={chart} choices={CHARTS} onChoose={name => setSearch({chart: name === 'heatmap' ? '' : name})} />
      </div>
      <QueryForm key={query} query={query} sort={isWhole ? '' : sort} onAsk={ask} />
      <div className="traces-body">
        <Facets which={which} query={query} onAsk={ask} />
        <div className="trace-table">
          {chart === 'heatmap' ? <DurationHeatmap query={whole(which, query)} shownQuery={query} /> : <SpanCharts kind={chart} query={whole(which, query)} />}
          {found.isError && <Failure what="Traces could not be searched" error={found.error} onRetry={() => void found.refetch()} />}
          {found.isPending && <Loading what="traces" rows={20} />}
          {found.data && !found.isError && <Found traces={found.data.traces} which={which} query={query} onAsk={ask} />}
        </div>
      </div>
      <Foot keys={[['j k', 'move'], ['Enter', 'open'], ['/', 'query'], ['?', 'all keys']]}>
        {found.data && <span><b>{formatCount(found.data.traces.length)}</b> shown{next === '' ? ', these are all' : ', there are more'}</span>}
        {next !== '' && <Button look="quiet" onClick={() => setSearch({cursor: next})}>Older</Button>}
        {cursor !== '' && <Button look="quiet" onClick={() => setSearch({cursor: ''})}>First page</Button>}
      </Foot>
    </div>
  );
}

function QueryForm({query, sort, onAsk}: {readonly query: string; readonly sort: string; readonly onAsk: (text: string) => void}): ReactElement {
  const setSearch = useSetSearch();
  const [text, setText] = useState(query);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAsk(text.trim());
  };
  return (
    <form className="bar" onSubmit={submit} role="search">
      <input className="field query-box" aria-label="Query" data-query placeholder="service:api span.duration:>100ms status:error, or text" value={text} spellCheck={false} autoComplete="off" onChange={event => setText(event.target.value)} />
      <Button look="primary" type="submit">Search</Button>
      {sort !== '' && <div className="segments" role="group" aria-label="Order">
        {SORTS.map(([name, title]) => <Button key={name} isPressed={name === sort} onClick={() => setSearch({sort: name === '-timestamp' ? '' : name, cursor: ''})}>{title}</Button>)}
      </div>}
    </form>
  );
}

function Found({traces, which, query, onAsk}: {readonly traces: readonly FoundTrace[]; readonly which: Which; readonly query: string; readonly onAsk: (text: string) => void}): ReactElement {
  const [current, setCurrent] = useState(0);
  const navigate = useNavigate();
  const scopeSearch = useScopeSearch();
  const keys = useMemo(() => {
    const group = 'Traces';
    const focus = (step: number) => (): void => {
      setCurrent(before => {
        const next = Math.min(traces.length - 1, Math.max(0, before + step));
        document.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus();
        return next;
      });
    };
    return [
      {keys: ['j'], does: 'Next trace', group, run: focus(1)},
      {keys: ['k'], does: 'Trace before', group, run: focus(-1)},
      {
        keys: ['o'],
        does: 'Open the trace',
        group,
        run: () => {
          const trace = traces[current];
          if (trace) void navigate({to: `/traces/${encodeURIComponent(trace.traceId)}`, search: {...scopeSearch, span: trace.spanId} as never});
        },
      },
    ];
  }, [traces, current, navigate, scopeSearch]);
  useKeys(keys);
  if (traces.length === 0) {
    return query === '' ? (
      <Empty title="No traces in this time">Look at a longer time, or <Link to="/start">connect a service</Link> with tracing switched on.</Empty>
    ) : (
      <Empty title="No traces match"><Button onClick={() => onAsk('')}>Remove the query</Button></Empty>
    );
  }
  const longest = traces.reduce((most, trace) => Math.max(most, trace.durationNs), 1);
  return (
    <div className="scroll" role="table" aria-label="Traces" aria-rowcount={traces.length + 1}>
      <div role="rowgroup">
        <div className="grid-head trace-row" role="row">
          {['Age', 'Service', 'Operation', which === 'traces' ? 'Services' : 'Environment', which === 'traces' ? 'Spans' : 'Status'].map(title => <span key={title} role="columnheader">{title}</span>)}
          <span role="columnheader" className="right">Duration</span>
          <span role="columnheader"><span className="unseen">Share of the longest</span></span>
        </div>
      </div>
      <div role="rowgroup">
        {traces.map((trace, at) => (
          <TraceRow key={`${trace.traceId} ${trace.spanId}`} trace={trace} query={query} at={at} share={trace.durationNs / longest} onFocus={() => setCurrent(at)} />
        ))}
      </div>
    </div>
  );
}

function TraceRow({trace, query, at, share, onFocus}: {readonly trace: FoundTrace; readonly query: string; readonly at: number; readonly share: number; readonly onFocus: () => void}): ReactElement {
  return (
    <div className="grid-row trace-row" role="row" aria-rowindex={at + 2}>
      <span role="cell" className="second narrow-off" title={formatMoment(trace.timestamp)}>{formatAge(trace.timestamp, Date.now())}</span>
      <span role="cell" className="row narrow-off"><span className={`swatch slot-${slotOf(trace.service)}`} /><span className="cut">{trace.service || trace.project}</span></span>
      <span role="cell" className="cut"><Link className="trace-link" to={`/traces/${encodeURIComponent(trace.traceId)}`} search={trace.spanCount > 0 && query === '' ? {} : {span: trace.spanId}} data-row={at} onFocus={onFocus}><b>{trace.label || trace.spanId}</b></Link> <span className="quiet small">{trace.op !== trace.label && trace.op !== 'default' && trace.op}</span></span>
      {trace.spanCount > 0 ? <WholeCells trace={trace} /> : <SpanCells trace={trace} />}
      <span role="cell" className="right">{formatDuration(trace.durationNs)}</span>
      <span role="cell" className="narrow-off"><span className="bar-cell" style={{display: 'block'}}><i style={{width: `${share * 100}%`}} /></span></span>
    </div>
  );
}

function WholeCells({trace}: {readonly trace: FoundTrace}): ReactElement {
  return (
    <>
      <span role="cell" className="row narrow-off" title={trace.services.join(', ')}>
        {trace.services.slice(0, SWATCHES_MAX).map(service => <span key={service} className={`swatch slot-${slotOf(service)}`} />)}
        <span className="quiet">{formatCount(trace.services.length)}</span>
      </span>
      <span role="cell" className="row narrow-off">{formatCount(trace.spanCount)}{trace.errorCount > 0 && <Tag tone="error">{formatCount(trace.errorCount)} {trace.errorCount === 1 ? 'error' : 'errors'}</Tag>}</span>
    </>
  );
}

function SpanCells({trace}: {readonly trace: FoundTrace}): ReactElement {
  return (
    <>
      <span role="cell" className="second cut narrow-off">{trace.environment || '–'}</span>
      <span role="cell" className="narrow-off">{NOT_FAILED.has(trace.status) ? <span className="quiet">ok</span> : <Tag tone="error">{trace.status}</Tag>}</span>
    </>
  );
}

function Facets({which, query, onAsk}: {readonly which: Which; readonly query: string; readonly onAsk: (text: string) => void}): ReactElement {
  return (
    <aside className="facets" aria-label="Facets" tabIndex={0}>
      {FACETS.map(([key, name]) => <FacetList key={key} facet={key} name={name} which={which} query={query} onAsk={onAsk} />)}
    </aside>
  );
}

function FacetList({facet, name, which, query, onAsk}: {readonly which: Which; readonly facet: string; readonly name: string; readonly query: string; readonly onAsk: (text: string) => void}): ReactElement | null {
  const organization = useOrganization();
  const scope = useScope();
  const found = useQuery(facetQuery(organization, scope, facet, {which, query}));
  const values = (found.data?.rows ?? []).map(row => ({value: textOf(row[facet]), count: numberOf(row['count()'])})).filter(each => each.value !== '');
  if (values.length === 0) return null;
  return (
    <section>
      <h2>{name}</h2>
      {values.map(({value, count}) => (
        <button key={value} type="button" className="facet" aria-pressed={hasTerm(query, facet, value)} onClick={() => onAsk(toggleTerm(query, facet, value))}>
          {facet === 'service' && <span className={`swatch slot-${slotOf(value)}`} />}
          <span className="cut">{value}</span>
          <span className="count">{formatCount(count)}</span>
        </button>
      ))}
    </section>
  );
}
