// The columns that services, operations, queries and calls have in common.
import {formatCount, formatDuration, formatShare} from '../../base/numbers.ts';
import {Tag} from '../../widgets/Button.tsx';
import type {Column} from '../../widgets/FigureTable.tsx';
import {Link} from '../../widgets/Link.tsx';

type Figures = {
  readonly count: number;
  readonly errorCount: number;
  readonly ratePerS: number;
  readonly failureRate: number;
  readonly durationSumNs: number;
  readonly p50Ns: number | null;
  readonly p95Ns: number | null;
};
type Exemplary = {readonly slowestTrace: string | null; readonly errorTrace: string | null};

/** One failure of a hundred is shown in the tone of a warning, one of twenty as an error. */
const WARN_FROM = 0.01;
const ERROR_FROM = 0.05;

export function figureColumns<Row extends Figures>(): readonly Column<Row>[] {
  return [
    {title: 'Calls', cell: row => formatCount(row.count), by: row => row.count},
    {title: 'Rate', cell: row => formatRate(row.ratePerS), by: row => row.ratePerS, isNarrowOff: true},
    {
      title: 'Failed',
      cell: row => (row.errorCount === 0 ? <span className="quiet">0 %</span> : row.failureRate >= WARN_FROM ? <Tag tone={row.failureRate >= ERROR_FROM ? 'error' : 'warn'}>{formatShare(row.errorCount, row.count)}</Tag> : formatShare(row.errorCount, row.count)),
      by: row => row.failureRate,
    },
    {title: 'p50', cell: row => formatNs(row.p50Ns), by: row => row.p50Ns ?? -1, isNarrowOff: true},
    {title: 'p95', cell: row => formatNs(row.p95Ns), by: row => row.p95Ns ?? -1},
    {title: 'Time', cell: row => formatDuration(row.durationSumNs), by: row => row.durationSumNs, isNarrowOff: true},
  ];
}

export function exemplarColumn<Row extends Exemplary>(): Column<Row> {
  return {
    title: 'Traces',
    isNarrowOff: true,
    cell: row => (
      <span className="row">
        {row.slowestTrace !== null && <Link to={`/traces/${encodeURIComponent(row.slowestTrace)}`}>slowest</Link>}
        {row.errorTrace !== null && <Link to={`/traces/${encodeURIComponent(row.errorTrace)}`}>failed</Link>}
      </span>
    ),
  };
}

export function formatNs(ns: number | null): string {
  return ns === null ? '–' : formatDuration(ns);
}

export function formatRate(perSecond: number): string {
  if (perSecond >= 10) return `${formatCount(Math.round(perSecond))} /s`;
  if (perSecond >= 1) return `${perSecond.toFixed(1)} /s`;
  return `${(perSecond * 60).toFixed(1)} /min`;
}
