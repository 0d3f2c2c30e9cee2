// Queues: how much later what is published is received, and by whom.
import {useQuery} from '@tanstack/react-query';
import {useMemo} from 'react';
import type {ReactElement} from 'react';
import {formatCount, formatMoment} from '../../base/numbers.ts';
import {slotOf} from '../../base/service_slots.ts';
import {FigureTable} from '../../widgets/FigureTable.tsx';
import type {Column} from '../../widgets/FigureTable.tsx';
import {Empty, Failure, Foot, Loading} from '../../widgets/States.tsx';
import {useScope} from '../../widgets/use_scope.ts';
import type {QueueLag, QueueUser} from '../../wire/schema.ts';
import {queuesQuery} from '../../wire/service_figures.ts';
import {exemplarColumn, figureColumns, formatNs} from './figure_columns.tsx';
import {ServicesHead} from './ServicesHead.tsx';
import './services.css';

export default function QueuesPage(): ReactElement {
  const found = useQuery(queuesQuery(useScope()));
  const lagColumns = useMemo<readonly Column<QueueLag>[]>(
    () => [
      {title: 'Queue', cell: row => <b>{row.queue}</b>},
      {title: 'From', cell: row => <Service name={row.producer} />},
      {title: 'To', cell: row => <Service name={row.consumer} />, isNarrowOff: true},
      {title: 'Lag p50', cell: row => formatNs(row.lagP50Ns), by: row => row.lagP50Ns ?? -1},
      {title: 'Lag p95', cell: row => formatNs(row.lagP95Ns), by: row => row.lagP95Ns ?? -1},
      ...figureColumns<QueueLag>().filter(column => column.title === 'Calls' || column.title === 'Failed'),
    ],
    [],
  );
  const userColumns = useMemo<readonly Column<QueueUser>[]>(
    () => [
      {title: 'Queue', cell: row => <b>{row.target}</b>},
      {title: 'Service', cell: row => <Service name={row.service} />},
      {title: 'Does', cell: row => (row.kind === 'consumer' ? 'receives' : 'publishes'), isNarrowOff: true},
      ...figureColumns<QueueUser>(),
      exemplarColumn<QueueUser>(),
    ],
    [],
  );
  const users = [...(found.data?.producers ?? []), ...(found.data?.consumers ?? [])];
  const lags = found.data?.lags ?? [];
  return (
    <div className="page">
      <ServicesHead />
      {found.isError && <Failure what="Queues could not be read" error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading what="queues" rows={12} />}
      {found.data && users.length === 0 && <Empty title="No message went through a queue in this time">Spans of producers and consumers name their queue (messaging.destination.name).</Empty>}
      {users.length > 0 && (
        <div className="scroll two-tables">
          {lags.length > 0 && <FigureTable label="From publishing to receiving" rows={lags} columns={lagColumns} keyOf={(row, at) => `${row.queue} ${row.producer} ${row.consumer} ${at}`} first="Lag p95" />}
          <FigureTable label="Producers and consumers" rows={users} columns={userColumns} keyOf={(row, at) => `${row.target} ${row.service} ${row.kind} ${at}`} first="Calls" />
        </div>
      )}
      <Foot>
        {found.data && <span><b>{formatCount(lags.length)}</b> ways through queues</span>}
        {found.data && found.data.settledUntil !== null && <span className="second">pairs are known up to {formatMoment(found.data.settledUntil)}</span>}
      </Foot>
    </div>
  );
}

function Service({name}: {readonly name: string}): ReactElement {
  return <span className="row"><span className={`swatch slot-${slotOf(name)}`} />{name || '–'}</span>;
}
