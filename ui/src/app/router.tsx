// The addresses of all rooms, as one tree; pages are fetched when they are first opened.
import {createRootRoute, createRoute, createRouter, lazyRouteComponent} from '@tanstack/react-router';
import type {AnyRoute} from '@tanstack/react-router';
import {readSearch, writeSearch} from '../base/search_record.ts';
import {Home} from './Home.tsx';
import {PageFailure} from './PageFailure.tsx';
import {PageMissing} from './PageMissing.tsx';
import {ROOMS} from './rooms.ts';
import {Shell} from './Shell.tsx';

const root = createRootRoute({component: Shell, notFoundComponent: PageMissing, errorComponent: PageFailure});

const routes: AnyRoute[] = [
  createRoute({getParentRoute: () => root, path: '/', component: Home}),
  ...ROOMS.flatMap(room =>
    room.pages.map(page =>
      createRoute({
        getParentRoute: () => root,
        path: page.path,
        component: lazyRouteComponent(page.load),
        errorComponent: PageFailure,
      }),
    ),
  ),
];

export const router = createRouter({
  routeTree: root.addChildren(routes),
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  scrollRestoration: false,
  notFoundMode: 'root',
});
