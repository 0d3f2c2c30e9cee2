// What services do and whom they call, by the minute: rates, failures, durations.
import {keepPreviousData, queryOptions} from '@tanstack/react-query';
import {writeScope} from '../base/scope.ts';
import type {Scope} from '../base/scope.ts';
import {get} from './client.ts';
import type {Databases, Operations, Queues, ServiceMap, Services, ServiceSeries} from './schema.ts';

const REFETCH_MS = 30_000;

function figures<Value>(name: string, path: string, scope: Scope) {
  return queryOptions({
    queryKey: ['figures', name, writeScope(scope)],
    queryFn: ({signal}) => get<Value>(path, writeScope(scope), signal),
    placeholderData: keepPreviousData,
    refetchInterval: REFETCH_MS,
  });
}

export const serviceFiguresQuery = (scope: Scope) => figures<Services>('services', '/api/v1/services', scope);
export const serviceMapQuery = (scope: Scope) => figures<ServiceMap>('map', '/api/v1/service-map', scope);
export const databasesQuery = (scope: Scope) => figures<Databases>('databases', '/api/v1/databases', scope);
export const queuesQuery = (scope: Scope) => figures<Queues>('queues', '/api/v1/queues', scope);
export const serviceSeriesQuery = (scope: Scope, service: string) => figures<ServiceSeries>(`series ${service}`, `/api/v1/services/${encodeURIComponent(service)}`, scope);
export const operationsQuery = (scope: Scope, service: string) => figures<Operations>(`operations ${service}`, `/api/v1/services/${encodeURIComponent(service)}/operations`, scope);
