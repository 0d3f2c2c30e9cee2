// Who calls whom: drawn from left to right, and the same as a table.
import {useQuery} from '@tanstack/react-query';
import {useNavigate} from '@tanstack/react-router';
import {useMemo} from 'react';
import type {ReactElement} from 'react';
import {formatCount, formatMoment, formatShare} from '../../base/numbers.ts';
import {slotOf} from '../../base/service_slots.ts';
import {placeNodes} from '../../model/map_layout.ts';
import {Tag} from '../../widgets/Button.tsx';
import {FigureTable} from '../../widgets/FigureTable.tsx';
import type {Column} from '../../widgets/FigureTable.tsx';
import {Empty, Failure, Foot, Loading} from '../../widgets/States.tsx';
import {useScope, useScopeSearch} from '../../widgets/use_scope.ts';
import type {MapEdge, MapNode, ServiceMap} from '../../wire/schema.ts';
import {serviceMapQuery} from '../../wire/service_figures.ts';
import {figureColumns, formatNs, formatRate} from './figure_columns.tsx';
import {ServicesHead} from './ServicesHead.tsx';
import './services.css';

const NODE_WIDTH = 168;
const NODE_HEIGHT = 44;
const COLUMN = 260;
const ROW = 68;
const PAD = 16;
const FAILED_FROM = 0.01;

export default function MapPage(): ReactElement {
  const found = useQuery(serviceMapQuery(useScope()));
  const map = found.data;
  return (
    <div className="page">
      <ServicesHead />
      {found.isError && <Failure what="The map could not be read" error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading what="the map" rows={12} />}
      {map && map.nodes.length === 0 && <Empty title="Nobody called anybody in this time">The map is made of spans on both sides of a call.</Empty>}
      {map && map.nodes.length > 0 && (
        <div className="scroll two-tables">
          <Drawn map={map} />
          <Calls map={map} />
        </div>
      )}
      <Foot>
        {map && <span><b>{formatCount(map.nodes.length)}</b> nodes, <b>{formatCount(map.edges.length)}</b> ways{map.isWhole ? '' : ', there are more'}</span>}
        {map && map.settledUntil !== null && <span className="second">calls between services are known up to {formatMoment(map.settledUntil)}</span>}
      </Foot>
    </div>
  );
}

function Drawn({map}: {readonly map: ServiceMap}): ReactElement {
  const navigate = useNavigate();
  const scopeSearch = useScopeSearch();
  const placed = useMemo(() => new Map(placeNodes(map.nodes.map(node => node.id), map.edges).map(each => [each.id, {x: PAD + each.column * COLUMN, y: PAD + each.row * ROW}])), [map]);
  const most = Math.max(1, ...map.edges.map(edge => edge.count));
  const width = Math.max(...[...placed.values()].map(place => place.x)) + NODE_WIDTH + PAD;
  const height = Math.max(...[...placed.values()].map(place => place.y)) + NODE_HEIGHT + PAD;
  const open = (node: MapNode): void => {
    if (node.kind === 'service') void navigate({to: `/services/of/${encodeURIComponent(node.name)}`, search: scopeSearch as never});
  };
  return (
    <div className="map-box" tabIndex={0} role="region" aria-label="Map; the table below says the same in words">
      <svg width={width} height={height} aria-hidden="true">
        {map.edges.map((edge, at) => {
          const from = placed.get(edge.from);
          const to = placed.get(edge.to);
          if (!from || !to) return null;
          const [x1, y1, x2, y2] = [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2, to.x, to.y + NODE_HEIGHT / 2];
          const bend = Math.max(40, Math.abs(x2 - x1) / 2);
          return <path key={at} className={edge.failureRate >= FAILED_FROM ? 'map-edge failed' : 'map-edge'} style={{strokeWidth: 1 + 3 * Math.sqrt(edge.count / most)}} d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`} />;
        })}
        {map.nodes.map(node => {
          const place = placed.get(node.id);
          if (!place) return null;
          return (
            <g key={node.id} className={`map-node ${node.kind}`} transform={`translate(${place.x} ${place.y})`} onClick={() => open(node)}>
              <rect width={NODE_WIDTH} height={NODE_HEIGHT} rx="2" />
              {node.kind === 'service' && <rect className={`map-slot fill-${slotOf(node.name)}`} width="4" height={NODE_HEIGHT} />}
              <text x="14" y="18" className="map-name">{cut(nameOf(node))}</text>
              <text x="14" y="34" className="map-note">{node.ratePerS === null || node.ratePerS === undefined ? node.kind : `${formatRate(node.ratePerS)}, p95 ${formatNs(node.p95Ns ?? null)}`}</text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** Calls of which only the called side is known come from outside. */
function nameOf(node: MapNode): string {
  return node.name || (node.kind === 'outside' ? 'outside' : '(unnamed)');
}

const NAME_MAX = 22;

function cut(name: string): string {
  return name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name;
}

function Calls({map}: {readonly map: ServiceMap}): ReactElement {
  const columns = useMemo<readonly Column<MapEdge>[]>(() => {
    const names = new Map(map.nodes.map(node => [node.id, nameOf(node)]));
    return [
      {title: 'From', cell: row => <b>{names.get(row.from) ?? row.from}</b>},
      {title: 'To', cell: row => names.get(row.to) ?? row.to},
      {title: 'By', cell: row => <Tag>{row.via || row.kind}</Tag>, isNarrowOff: true},
      ...figureColumns<MapEdge>(),
    ];
  }, [map]);
  const failed = map.edges.reduce((sum, edge) => sum + edge.errorCount, 0);
  const all = map.edges.reduce((sum, edge) => sum + edge.count, 0);
  return (
    <>
      <p className="second small map-words">{formatCount(all)} calls, {formatShare(failed, all)} failed</p>
      <FigureTable label="Calls" rows={map.edges} columns={columns} keyOf={(row, at) => `${row.from} ${row.to} ${row.kind} ${row.via} ${at}`} first="Calls" />
    </>
  );
}
