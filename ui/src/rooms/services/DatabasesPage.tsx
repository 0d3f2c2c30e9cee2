// Queries without their values: which take the most time, of which service.
import {useQuery} from '@tanstack/react-query';
import {useMemo} from 'react';
import type {ReactElement} from 'react';
import {formatCount} from '../../base/numbers.ts';
import {slotOf} from '../../base/service_slots.ts';
import {Tag} from '../../widgets/Button.tsx';
import {FigureTable} from '../../widgets/FigureTable.tsx';
import type {Column} from '../../widgets/FigureTable.tsx';
import {Empty, Failure, Foot, Loading} from '../../widgets/States.tsx';
import {useScope} from '../../widgets/use_scope.ts';
import type {DatabaseQuery} from '../../wire/schema.ts';
import {databasesQuery} from '../../wire/service_figures.ts';
import {exemplarColumn, figureColumns} from './figure_columns.tsx';
import {ServicesHead} from './ServicesHead.tsx';
import './services.css';

export default function DatabasesPage(): ReactElement {
  const found = useQuery(databasesQuery(useScope()));
  const columns = useMemo<readonly Column<DatabaseQuery>[]>(
    () => [
      {title: 'Query', cell: row => <span className="mono" title={row.operation}>{row.operation || '(no text)'}</span>},
      {title: 'Where', cell: row => <span className="row"><Tag>{row.target}</Tag><span className={`swatch slot-${slotOf(row.service)}`} /><span className="second">{row.service}</span></span>, isNarrowOff: true},
      ...figureColumns<DatabaseQuery>(),
      exemplarColumn<DatabaseQuery>(),
    ],
    [],
  );
  const queries = found.data?.queries ?? [];
  return (
    <div className="page">
      <ServicesHead />
      {found.isError && <Failure what="Queries could not be read" error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading what="queries" rows={12} />}
      {found.data && queries.length === 0 && <Empty title="No database was asked in this time">Database spans come with the tracing of most frameworks and drivers.</Empty>}
      {queries.length > 0 && <FigureTable label="Queries" rows={queries} columns={columns} keyOf={(row, at) => `${row.target} ${row.service} ${row.operation} ${at}`} first="Time" />}
      <Foot>{found.data && <span><b>{formatCount(queries.length)}</b> queries shown</span>}</Foot>
    </div>
  );
}
