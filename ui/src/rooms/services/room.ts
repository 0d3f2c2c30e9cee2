// Services: what each does, whom it calls, its databases and queues.
import type {Room} from '../../base/room.ts';

export const SERVICES: Room = {
  name: 'services',
  title: 'Services',
  icon: 'M2.5 2.5h4v4h-4zM9.5 9.5h4v4h-4zM6.5 4.5h5v5',
  start: '/services',
  pages: [
    {path: '/services', load: () => import('./ServicesPage.tsx')},
    {path: '/services/map', load: () => import('./MapPage.tsx')},
    {path: '/services/databases', load: () => import('./DatabasesPage.tsx')},
    {path: '/services/queues', load: () => import('./QueuesPage.tsx')},
    {path: '/services/of/$service', load: () => import('./ServicePage.tsx')},
  ],
  places: [
    {title: 'Service map', to: '/services/map'},
    {title: 'Databases', to: '/services/databases'},
    {title: 'Queues', to: '/services/queues'},
  ],
};
