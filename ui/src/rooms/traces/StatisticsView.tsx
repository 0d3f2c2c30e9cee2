// Where the time went: spans that do the same, summed.
import {useMemo} from 'react';
import type {ReactElement} from 'react';
import {formatCount, formatDuration, formatShare} from '../../base/numbers.ts';
import {slotOf} from '../../base/service_slots.ts';
import {sumsOfWork} from '../../model/trace_statistics.ts';
import type {TraceView} from './trace_view.ts';

const ROWS_MAX = 500;

export function StatisticsView({view, onSelect}: {readonly view: TraceView; readonly onSelect: (span: number) => void}): ReactElement {
  const sums = useMemo(() => sumsOfWork(view.trace, view.self), [view]);
  const whole = useMemo(() => sums.reduce((sum, each) => sum + each.selfNs, 0), [sums]);
  return (
    <div className="scroll span-list" tabIndex={0} role="region" aria-label="Statistics of the trace">
      <table>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Operation</th>
            <th scope="col" className="right">Count</th>
            <th scope="col" className="right">Errors</th>
            <th scope="col" className="right">Total</th>
            <th scope="col" className="right">Self</th>
            <th scope="col" className="right">Share of self</th>
            <th scope="col" className="right">p50</th>
            <th scope="col" className="right">p95</th>
          </tr>
        </thead>
        <tbody>
          {sums.slice(0, ROWS_MAX).map(sum => (
            <tr key={`${sum.service} ${sum.op} ${sum.label}`}>
              <td><span className="row"><span className={`swatch slot-${slotOf(sum.service)}`} /><span className="cut">{sum.service}</span></span></td>
              <td className="wide"><button type="button" className="as-link cut" onClick={() => onSelect(sum.longest)} title="Open the longest">{sum.label}</button></td>
              <td className="right">{formatCount(sum.count)}</td>
              <td className={`right${sum.errors > 0 ? ' wf-failed' : ' quiet'}`}>{formatCount(sum.errors)}</td>
              <td className="right">{formatDuration(sum.totalNs)}</td>
              <td className="right">{formatDuration(sum.selfNs)}</td>
              <td className="right"><span className="share"><i style={{width: `${whole > 0 ? (sum.selfNs / whole) * 100 : 0}%`}} /></span>{formatShare(sum.selfNs, whole)}</td>
              <td className="right">{formatDuration(sum.p50Ns)}</td>
              <td className="right">{formatDuration(sum.p95Ns)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet small list-foot">{formatCount(Math.min(ROWS_MAX, sums.length))} of {formatCount(sums.length)} operations shown</p>
    </div>
  );
}
