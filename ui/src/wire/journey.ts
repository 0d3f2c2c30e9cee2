// The traces before and after one, as far as links lead.
import {queryOptions} from '@tanstack/react-query';
import {get} from './client.ts';
import type {Journey} from './schema.ts';

export const journeyQuery = (traceId: string) =>
  queryOptions({
    queryKey: ['journey', traceId],
    queryFn: ({signal}) => get<Journey>(`/api/v1/traces/${encodeURIComponent(traceId)}/journey`, {}, signal),
    staleTime: 60_000,
  });
