// Settings: projects, people, tokens, what became of what was sent, and how the server is.
import type {Room} from '../../base/room.ts';

export const SETTINGS: Room = {
  name: 'settings',
  title: 'Settings',
  icon: 'M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7M9 2.5h3v4H9zM4 9.5h3v4H4z',
  start: '/settings',
  isLast: true,
  pages: [
    {path: '/settings', load: () => import('./ProjectsPage.tsx')},
    {path: '/settings/projects/$project', load: () => import('./ProjectPage.tsx')},
    {path: '/settings/people', load: () => import('./PeoplePage.tsx')},
    {path: '/settings/tokens', load: () => import('./TokensPage.tsx')},
    {path: '/settings/outcomes', load: () => import('./OutcomesPage.tsx')},
    {path: '/settings/server', load: () => import('./ServerPage.tsx')},
  ],
  places: [
    {title: 'People and roles', to: '/settings/people'},
    {title: 'API tokens', to: '/settings/tokens'},
    {title: 'Outcomes: what was kept and dropped', to: '/settings/outcomes'},
    {title: 'Server health', to: '/settings/server'},
  ],
};
