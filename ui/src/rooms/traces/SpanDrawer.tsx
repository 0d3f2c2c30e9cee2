// One span whole: facts, attributes, events, links, its logs and errors.
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import type {ReactElement} from 'react';
import {formatCount, formatDuration} from '../../base/numbers.ts';
import {isError, labelOf, wordAt} from '../../model/trace.ts';
import {Button, CopyButton, Tag} from '../../widgets/Button.tsx';
import {Icon, LevelMark, levelOf} from '../../widgets/Icon.tsx';
import {Link} from '../../widgets/Link.tsx';
import {Empty, Failure, Loading} from '../../widgets/States.tsx';
import type {Json, SpanDetails} from '../../wire/schema.ts';
import {spanQuery} from '../../wire/traces.ts';
import type {TraceMark, TraceMarks} from '../../wire/traces.ts';
import type {TraceView} from './trace_view.ts';

type Props = {
  readonly view: TraceView;
  /** -1 when the span is not among those that were read. */
  readonly span: number;
  readonly spanId: string;
  readonly marks: TraceMarks | undefined;
  readonly onClose: () => void;
};

type Tab = 'attributes' | 'events' | 'logs' | 'links';

export function SpanDrawer({view, span, spanId, marks, onClose}: Props): ReactElement {
  const {trace} = view;
  const found = useQuery(spanQuery(trace.id, spanId));
  const onSpan = marks?.marks.filter(mark => mark.spanId === spanId) ?? [];
  const hasFailed = span >= 0 ? isError(trace, span) : found.data?.status === 'error';
  const service = span >= 0 ? wordAt(trace.service, span) : (found.data?.service ?? '');
  return (
    <aside className="drawer" aria-label="Span">
      <header className="drawer-head">
        <div className="row">
          <span className={`swatch slot-${span >= 0 ? view.slotOf(span) : 0}`} />
          <span className="small second cut">{service || 'no service'}</span>
          {hasFailed && <Tag tone="error">error</Tag>}
          {span >= 0 && wordAt(trace.kind, span) !== '' && <Tag>{wordAt(trace.kind, span)}</Tag>}
          <span className="grow" />
          <CopyButton what="the link to this span" label="" text={globalThis.location.href} />
          <Button look="quiet" aria-label="Close the span" onClick={onClose}><Icon name="close" /></Button>
        </div>
        <h2 className="drawer-title">{span >= 0 ? labelOf(trace, span) : found.data?.description || found.data?.name || spanId}</h2>
        {span < 0 && <p className="small"><Tag tone="warn">not among the {formatCount(trace.count)} spans that were read</Tag></p>}
        <Facts view={view} span={span} details={found.data} />
      </header>
      {onSpan.filter(mark => mark.kind === 'error').map(mark => <ErrorLine key={mark.id} mark={mark} />)}
      {found.isError && <Failure what="The span could not be read" error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading what="the span" />}
      {found.data && <Details details={found.data} logs={onSpan.filter(mark => mark.kind === 'log')} />}
    </aside>
  );
}

function Facts({view, span, details}: {readonly view: TraceView; readonly span: number; readonly details: SpanDetails | undefined}): ReactElement {
  const duration = span >= 0 ? (view.trace.duration[span] ?? 0) : (details?.duration_ns ?? Number.NaN);
  const edges = view.path.pieces.get(span) ?? [];
  let onPath = 0;
  for (let edge = 0; edge < edges.length; edge += 2) onPath += (edges[edge + 1] ?? 0) - (edges[edge] ?? 0);
  const facts: readonly (readonly [string, string])[] = [
    ['Duration', formatDuration(duration)],
    ['Self', span >= 0 ? formatDuration(view.self[span] ?? 0) : '–'],
    ['Start', span >= 0 ? `+${formatDuration(view.trace.start[span] ?? 0)}` : '–'],
    ['On critical path', onPath > 0 ? formatDuration(onPath) : '–'],
  ];
  return <dl className="facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}

function ErrorLine({mark}: {readonly mark: TraceMark}): ReactElement {
  return (
    <div className="drawer-error">
      <LevelMark level={levelOf(mark.level)} />
      <b className="grow cut">{mark.title}</b>
      <CopyButton what="the id of the event" label="" text={mark.id} />
    </div>
  );
}

function Details({details, logs}: {readonly details: SpanDetails; readonly logs: readonly TraceMark[]}): ReactElement {
  const [tab, setTab] = useState<Tab>('attributes');
  const tabs: readonly (readonly [Tab, string, number])[] = [
    ['attributes', 'Attributes', Object.keys(details.attributes).length],
    ['events', 'Events', details.events.length],
    ['logs', 'Logs', logs.length],
    ['links', 'Links', details.links.length],
  ];
  return (
    <>
      <nav className="tabs" aria-label="Parts of the span">
        {tabs.map(([name, title, count]) => (
          <button key={name} type="button" aria-current={name === tab ? 'true' : undefined} onClick={() => setTab(name)}>{title} <span className="count">{formatCount(count)}</span></button>
        ))}
      </nav>
      <div className="drawer-body" tabIndex={0} role="region" aria-label={tab}>
        {tab === 'attributes' && <Attributes details={details} />}
        {tab === 'events' && <Events events={details.events} startIso={details.start_timestamp} />}
        {tab === 'logs' && <Logs logs={logs} />}
        {tab === 'links' && <Links links={details.links} />}
      </div>
    </>
  );
}

function Attributes({details}: {readonly details: SpanDetails}): ReactElement {
  const [wanted, setWanted] = useState('');
  const own: Record<string, Json> = {'span id': details.span_id, ...(details.status_message === '' ? {} : {'status message': details.status_message}), release: details.release, environment: details.environment, origin: details.origin, ...details.attributes};
  return (
    <>
      <div className="drawer-group">
        <h3>Span</h3>
        <input className="field" aria-label="Filter attributes" placeholder="Filter" value={wanted} onChange={event => setWanted(event.target.value)} />
      </div>
      <Pairs pairs={own} wanted={wanted} />
      <div className="drawer-group"><h3>Resource</h3></div>
      <Pairs pairs={details.resource_attributes} wanted={wanted} />
    </>
  );
}

function Pairs({pairs, wanted}: {readonly pairs: Readonly<Record<string, Json>>; readonly wanted: string}): ReactElement {
  const text = wanted.toLowerCase();
  const all = Object.entries(pairs).map(([key, value]) => [key, shownValue(value)] as const).filter(([, value]) => value !== '');
  const shown = all.filter(([key, value]) => key.toLowerCase().includes(text) || value.toLowerCase().includes(text));
  if (all.length === 0) return <p className="quiet small">None were sent.</p>;
  return (
    <>
      <dl className="pairs">
        {shown.map(([key, value]) => <div key={key} className="pair"><dt>{key}</dt><dd>{value}</dd></div>)}
      </dl>
      {shown.length < all.length && <p className="quiet small">{shown.length} of {all.length} shown</p>}
    </>
  );
}

function Events({events, startIso}: {readonly events: SpanDetails['events']; readonly startIso: string}): ReactElement {
  if (events.length === 0) return <p className="quiet small drawer-none">This span has no events.</p>;
  return (
    <>
      {events.map((event, at) => (
        <section key={at} className="drawer-event">
          <h3>{shownValue(event['name'] ?? '') || 'event'} <span className="quiet small">{sinceStart(event, startIso)}</span></h3>
          <Pairs pairs={(typeof event['attributes'] === 'object' && event['attributes'] !== null && !Array.isArray(event['attributes']) ? event['attributes'] : {}) as Readonly<Record<string, Json>>} wanted="" />
        </section>
      ))}
    </>
  );
}

function sinceStart(event: Readonly<Record<string, Json>>, startIso: string): string {
  const time = shownValue(event['timestamp'] ?? event['time'] ?? '');
  const ms = Date.parse(time) - Date.parse(startIso);
  return Number.isFinite(ms) ? `+${formatDuration(ms * 1e6)}` : time;
}

function Logs({logs}: {readonly logs: readonly TraceMark[]}): ReactElement {
  if (logs.length === 0) return <p className="quiet small drawer-none">No log names this span.</p>;
  return <>{logs.map(log => <div key={log.id} className="drawer-log small"><LevelMark level={levelOf(log.level)} /><span className="mono">{log.title}</span></div>)}</>;
}

function Links({links}: {readonly links: SpanDetails['links']}): ReactElement {
  if (links.length === 0) return <Empty title="No links">A link leads to a span of another trace, such as the one that sent the message that this one handles.</Empty>;
  return (
    <ul className="drawer-links">
      {links.map((link, at) => {
        const traceId = shownValue(link['trace_id'] ?? link['traceId'] ?? '');
        const spanId = shownValue(link['span_id'] ?? link['spanId'] ?? '');
        return <li key={at}><Link to={`/traces/${encodeURIComponent(traceId)}`} search={{span: spanId}} className="mono">{traceId.slice(0, 16)} · {spanId}</Link></li>;
      })}
    </ul>
  );
}

function shownValue(value: Json): string {
  return typeof value === 'string' ? value : value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
