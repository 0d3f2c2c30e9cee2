// Starts the pages.
import {QueryCache, QueryClient, QueryClientProvider} from '@tanstack/react-query';
import {RouterProvider} from '@tanstack/react-router';
import {StrictMode} from 'react';
import {createRoot} from 'react-dom/client';
import {sessionQuery} from '../wire/session.ts';
import './tokens.css';
import './base.css';
import '../widgets/widgets.css';
import './shell.css';
import {router} from './router.tsx';

const TRIES_MAX = 2;

const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: error => {
      // The session ended: the shell asks who is there and shows the sign-in page.
      if ('status' in error && error.status === 401) void queries.invalidateQueries(sessionQuery);
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      // What was asked wrongly is not asked again.
      retry: (count, error) => count < TRIES_MAX && (!('status' in error) || error.status === 0 || Number(error.status) >= 502),
    },
  },
});

const place = document.querySelector('#root');
if (place === null) throw new Error('The page has no place for its content.');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
