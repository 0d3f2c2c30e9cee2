// Traces: search, the waterfall and its other views, compare.
import type {Room} from '../../base/room.ts';

export const TRACES: Room = {
  name: 'traces',
  title: 'Traces',
  icon: 'M2 3.5h8M5 8h7M9 12.5h5',
  start: '/traces',
  pages: [
    {path: '/traces', load: () => import('./TracesPage.tsx')},
    {path: '/traces/compare', load: () => import('./ComparePage.tsx')},
    {path: '/traces/$traceId', load: () => import('./TracePage.tsx'), isWide: true},
  ],
  places: [{title: 'Compare two traces', to: '/traces/compare'}],
};
