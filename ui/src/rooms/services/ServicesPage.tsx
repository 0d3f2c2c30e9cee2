// All services with their rate, failures and durations.
import {useQuery} from '@tanstack/react-query';
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
import type {ServiceFigures} from '../../wire/schema.ts';
import {serviceFiguresQuery} from '../../wire/service_figures.ts';
import {exemplarColumn, figureColumns} from './figure_columns.tsx';
import {ServicesHead} from './ServicesHead.tsx';
import {stepCounts} from './step_counts.ts';
import './services.css';

export default function ServicesPage(): ReactElement {
  const found = useQuery(serviceFiguresQuery(useScope()));
  const columns = useMemo<readonly Column<ServiceFigures>[]>(
    () => [
      {title: 'Service', cell: row => <span className="row"><span className={`swatch slot-${slotOf(row.service)}`} /><Link to={`/services/of/${encodeURIComponent(row.service)}`}><b>{row.service || '(unnamed)'}</b></Link></span>},
      {title: 'Calls by time', cell: row => <Sparkline counts={stepCounts(found.data, row.series, step => step.count)} what="calls" />, isNarrowOff: true},
      ...figureColumns<ServiceFigures>(),
      exemplarColumn<ServiceFigures>(),
    ],
    [found.data],
  );
  const services = found.data?.services ?? [];
  return (
    <div className="page">
      <ServicesHead />
      {found.isError && <Failure what="Services could not be read" error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading what="services" rows={12} />}
      {found.data && services.length === 0 && <Empty title="No service sent a span in this time">Look at a longer time, or <Link to="/start">connect a service</Link> with tracing switched on.</Empty>}
      {services.length > 0 && <FigureTable label="Services" rows={services} columns={columns} keyOf={row => row.service} first="Calls" />}
      <Foot>{found.data && <span><b>{formatCount(services.length)}</b> services, requests and jobs that they were asked for</span>}</Foot>
    </div>
  );
}
