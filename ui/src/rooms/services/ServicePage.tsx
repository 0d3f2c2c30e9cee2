// One service: its course, and its operations.
import {useQuery} from '@tanstack/react-query';
import {useParams} from '@tanstack/react-router';
import {useMemo} from 'react';
import type {ReactElement} from 'react';
import {formatCount} from '../../base/numbers.ts';
import {slotOf} from '../../base/service_slots.ts';
import {FigureTable} from '../../widgets/FigureTable.tsx';
import type {Column} from '../../widgets/FigureTable.tsx';
import {Link} from '../../widgets/Link.tsx';
import {Sparkline} from '../../widgets/Sparkline.tsx';
import {Empty, Failure, Foot, Loading} from '../../widgets/States.tsx';
import {useScope} from '../../widgets/use_scope.ts';
import type {OperationForm} from '../../wire/schema.ts';
import {operationsQuery, serviceSeriesQuery} from '../../wire/service_figures.ts';
import {exemplarColumn, figureColumns, formatNs} from './figure_columns.tsx';
import {ServicesHead} from './ServicesHead.tsx';
import {stepCounts} from './step_counts.ts';
import './services.css';

export default function ServicePage(): ReactElement {
  const {service} = useParams({strict: false}) as {readonly service: string};
  const scope = useScope();
  const series = useQuery(serviceSeriesQuery(scope, service));
  const found = useQuery(operationsQuery(scope, service));
  const columns = useMemo<readonly Column<OperationForm>[]>(
    () => [
      {title: 'Operation', cell: row => <span title={row.operation}><b>{row.operation || '(unnamed)'}</b> <span className="quiet small">{row.op !== row.operation && row.op}</span></span>},
      ...figureColumns<OperationForm>(),
      exemplarColumn<OperationForm>(),
      {title: 'More', cell: row => <Link to="/traces" search={{which: 'spans', query: `service:${quoted(service)} span.name:${quoted(row.operation)}`}}>spans</Link>, isNarrowOff: true},
    ],
    [service],
  );
  const operations = found.data?.operations ?? [];
  const steps = series.data?.series ?? [];
  return (
    <div className="page">
      <ServicesHead />
      <div className="head">
        <h2 className="row"><span className={`swatch slot-${slotOf(service)}`} />{service}</h2>
        {steps.length > 0 && (
          <div className="service-course">
            <figure><figcaption>Calls</figcaption><Sparkline counts={stepCounts(series.data, steps, step => step.count)} what="calls" /></figure>
            <figure><figcaption>Failed</figcaption><Sparkline counts={stepCounts(series.data, steps, step => step.errorCount)} what="failed calls" /></figure>
            <figure><figcaption>p95, at most {formatNs(Math.max(0, ...steps.map(step => step.p95Ns ?? 0)))}</figcaption><Sparkline counts={stepCounts(series.data, steps, step => Math.round((step.p95Ns ?? 0) / 1e3))} what="microseconds in all" /></figure>
          </div>
        )}
        <span className="grow" />
        <Link className="button" to="/traces" search={{query: `service:${quoted(service)}`}}>Its traces</Link>
        <Link className="button" to="/issues" search={{query: `is:unresolved service:${quoted(service)}`}}>Its issues</Link>
      </div>
      {found.isError && <Failure what="The service could not be read" error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading what="operations" rows={12} />}
      {found.data && operations.length === 0 && <Empty title="Nothing was asked of this service in this time">Look at a longer time.</Empty>}
      {operations.length > 0 && <FigureTable label="Operations" rows={operations} columns={columns} keyOf={(row, at) => `${row.operation} ${row.op} ${row.kind} ${at}`} first="Time" />}
      <Foot>{found.data && <span><b>{formatCount(operations.length)}</b> operations{found.data.isWhole ? '' : ', there are more: the ones that take the most time are shown'}</span>}</Foot>
    </div>
  );
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('*', '\\*')}"`;
}
