// Explore: spans, logs, errors and metrics, asked by anybody's own question.
import type {Room} from '../../base/room.ts';

export const EXPLORE: Room = {
  name: 'explore',
  title: 'Explore',
  icon: 'M2 13.5h12M3.5 10.5 6.5 6l3 3L13 3.5',
  start: '/explore',
  pages: [{path: '/explore', load: () => import('./ExplorePage.tsx'), isWide: true}],
};
