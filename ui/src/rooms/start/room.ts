// How to send the first event, and what has arrived.
import type {Room} from '../../base/room.ts';

export const START: Room = {
  name: 'start',
  title: 'Connect',
  icon: 'M6 2.5v4M10 2.5v4M4 6.5h8v2.5a4 4 0 0 1-8 0zM8 13v1.5',
  start: '/start',
  isLast: true,
  pages: [{path: '/start', load: () => import('./StartPage.tsx')}],
};
