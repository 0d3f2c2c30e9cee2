// The logs and errors of the trace, in order of time.
import {useMemo} from 'react';
import type {ReactElement} from 'react';
import {formatCount, formatDuration} from '../../base/numbers.ts';
import {placeOfSpan} from '../../model/trace.ts';
import {LevelMark, levelOf} from '../../widgets/Icon.tsx';
import {Empty, Loading} from '../../widgets/States.tsx';
import type {TraceMarks} from '../../wire/traces.ts';
import type {TraceView} from './trace_view.ts';

export function LogsView({view, marks, onSelect}: {readonly view: TraceView; readonly marks: TraceMarks | undefined; readonly onSelect: (span: number) => void}): ReactElement {
  const sorted = useMemo(() => [...(marks?.marks ?? [])].sort((one, other) => (one.timeNs < other.timeNs ? -1 : 1)), [marks]);
  if (marks === undefined) return <Loading what="logs" />;
  if (sorted.length === 0) return <Empty title="No logs and no errors in this trace">A log belongs to a trace when it is written inside of a span, with logs switched on in the SDK.</Empty>;
  return (
    <div className="scroll span-list" tabIndex={0} role="region" aria-label="Logs of the trace">
      <table>
        <thead><tr><th scope="col" className="right">Time</th><th scope="col">Level</th><th scope="col">Message</th><th scope="col">Span</th></tr></thead>
        <tbody>
          {sorted.map(mark => {
            const span = placeOfSpan(view.trace, mark.spanId);
            return (
              <tr key={`${mark.kind} ${mark.id}`}>
                <td className="right mono">+{formatDuration(Number(mark.timeNs - view.trace.startNs))}</td>
                <td><span className="row"><LevelMark level={levelOf(mark.level)} /> {mark.level}</span></td>
                <td className="wide mono">{mark.title}</td>
                <td>{span >= 0 ? <button type="button" className="as-link mono" onClick={() => onSelect(span)}>{mark.spanId}</button> : <span className="quiet">–</span>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="quiet small list-foot">{formatCount(sorted.length)} shown{marks.isCut ? ', there are more' : ''}</p>
    </div>
  );
}
