// The traces that links lead to and from, on one axis of time: a message on its way through services.
import {useQuery} from '@tanstack/react-query';
import type {ReactElement} from 'react';
import {formatCount, formatDuration, formatMoment} from '../../base/numbers.ts';
import {slotOf} from '../../base/service_slots.ts';
import {Tag} from '../../widgets/Button.tsx';
import {Link} from '../../widgets/Link.tsx';
import {Empty, Failure, Loading} from '../../widgets/States.tsx';
import {journeyQuery} from '../../wire/journey.ts';
import type {Journey, JourneyTrace} from '../../wire/schema.ts';

export function JourneyView({traceId}: {readonly traceId: string}): ReactElement {
  const found = useQuery(journeyQuery(traceId));
  if (found.isError) return <Failure what="The journey could not be read" error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading what="the journey" />;
  if (found.data.traces.length <= 1) return <Empty title="No links lead to or from this trace">A link is made where a message is taken from a queue, or a batch handles what several requests left.</Empty>;
  return <Stitched journey={found.data} />;
}

function Stitched({journey}: {readonly journey: Journey}): ReactElement {
  const known = journey.traces.filter(trace => trace.startNs);
  const first = known.reduce((least, trace) => (BigInt(trace.startNs ?? 0) < least ? BigInt(trace.startNs ?? 0) : least), BigInt(known[0]?.startNs ?? 0));
  const offset = (trace: JourneyTrace): number => Number(BigInt(trace.startNs ?? first) - first);
  const end = known.reduce((most, trace) => Math.max(most, offset(trace) + (trace.durationNs ?? 0)), 1);
  return (
    <div className="scroll span-list" tabIndex={0} role="region" aria-label="Journey over linked traces">
      <table>
        <thead>
          <tr><th scope="col">Step</th><th scope="col">Service</th><th scope="col">Trace</th><th scope="col">How it got there</th><th scope="col" className="right">After</th><th scope="col" className="right">Duration</th><th scope="col" className="right">Spans</th><th scope="col">When</th></tr>
        </thead>
        <tbody>
          {journey.traces.map(trace => (
            <tr key={trace.traceId} className={trace.traceId === journey.traceId ? 'chosen' : ''}>
              <td>{trace.distance === 0 ? <b>this</b> : `${trace.distance > 0 ? '+' : '−'}${Math.abs(trace.distance)}`}</td>
              <td><span className="row"><span className={`swatch slot-${trace.root ? slotOf(trace.root.service) : 0}`} /><span className="cut">{trace.root?.service ?? '–'}</span></span></td>
              <td className="journey-name"><Link to={`/traces/${encodeURIComponent(trace.traceId)}`} search={{view: 'journey'}}>{trace.root?.name || trace.traceId.slice(0, 16)}</Link> {trace.isMissing && <Tag tone="warn">not kept</Tag>} {(trace.errorCount ?? 0) > 0 && <Tag tone="error">{formatCount(trace.errorCount ?? 0)} {trace.errorCount === 1 ? 'error' : 'errors'}</Tag>}</td>
              <td><Steps journey={journey} traceId={trace.traceId} /></td>
              <td className="right">{trace.startNs ? `+${formatDuration(offset(trace))}` : '–'}</td>
              <td className="right">{trace.durationNs === null || trace.durationNs === undefined ? '–' : formatDuration(trace.durationNs)}</td>
              <td className="right">{trace.spanCount === null || trace.spanCount === undefined ? '–' : formatCount(trace.spanCount)}</td>
              <td className="journey-time" title={trace.startTimestamp ? formatMoment(trace.startTimestamp) : ''}>
                {trace.startNs && <i className={`slot-${trace.root ? slotOf(trace.root.service) : 0}`} style={{marginLeft: `${(offset(trace) / end) * 100}%`, width: `max(3px, ${((trace.durationNs ?? 0) / end) * 100}%)`}} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet small list-foot">{formatCount(journey.traces.length)} traces, {formatCount(journey.links.length)} links{journey.isWhole ? '' : '; there are more than are shown'}</p>
    </div>
  );
}

/** The links that led into a trace, each by the span that has it. */
function Steps({journey, traceId}: {readonly journey: Journey; readonly traceId: string}): ReactElement {
  const into = journey.links.filter(link => link.to.traceId === traceId);
  if (into.length === 0) return <span className="quiet">–</span>;
  const [first] = into;
  return (
    <span className="cut">
      <Link to={`/traces/${encodeURIComponent(traceId)}`} search={{span: first?.to.spanId ?? ''}}>{first?.name || first?.op || 'a link'}</Link>
      {into.length > 1 && <span className="quiet"> and {into.length - 1} more</span>}
    </span>
  );
}
