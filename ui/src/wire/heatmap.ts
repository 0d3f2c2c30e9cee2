// How a number is spread over time.
import {keepPreviousData, queryOptions} from '@tanstack/react-query';
import {writeScope} from '../base/scope.ts';
import type {Scope} from '../base/scope.ts';
import {get} from './client.ts';
import type {Heatmap} from './schema.ts';

export const heatmapQuery = (scope: Scope, asked: {readonly dataset: string; readonly query: string; readonly field: string}) =>
  queryOptions({
    queryKey: ['heatmap', writeScope(scope), asked],
    queryFn: ({signal}) => get<Heatmap>('/api/v1/heatmap', {...writeScope(scope), ...asked}, signal),
    placeholderData: keepPreviousData,
  });
