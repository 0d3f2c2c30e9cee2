// Issues: the list that is triaged, and the page of one.
import type {Room} from '../../base/room.ts';

export const ISSUES: Room = {
  name: 'issues',
  title: 'Issues',
  icon: 'M3 3h10v10H3zM8 5.5v3M8 10.5v.2',
  start: '/issues',
  pages: [
    {path: '/issues', load: () => import('./IssuesPage.tsx')},
    {path: '/issues/$issueId', load: () => import('./IssuePage.tsx')},
  ],
};
