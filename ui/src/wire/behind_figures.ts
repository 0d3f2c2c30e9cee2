// What stands behind a figure: rows to look at, and in what some rows differ from all others.
import {queryOptions} from '@tanstack/react-query';
import {writeScope} from '../base/scope.ts';
import type {Scope} from '../base/scope.ts';
import {get} from './client.ts';
import type {Differences, Exemplars} from './schema.ts';

const DIFFERENCES_MAX = 12;
const EXEMPLARS_MAX = 6;

export const differencesQuery = (scope: Scope, asked: {readonly dataset: string; readonly query: string; readonly selection: string}) =>
  queryOptions({
    queryKey: ['differences', writeScope(scope), asked],
    queryFn: ({signal}) => get<Differences>('/api/v1/differs', {...writeScope(scope), ...asked, limit: DIFFERENCES_MAX}, signal),
  });

export const exemplarsQuery = (scope: Scope, asked: {readonly dataset: string; readonly query: string; readonly yAxis: string}) =>
  queryOptions({
    queryKey: ['exemplars', writeScope(scope), asked],
    queryFn: ({signal}) => get<Exemplars>('/api/v1/exemplars', {...writeScope(scope), ...asked, limit: EXEMPLARS_MAX}, signal),
  });
