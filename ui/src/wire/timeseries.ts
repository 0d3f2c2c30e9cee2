// Figures over time, of any dataset (`events-timeseries/`).
import {keepPreviousData, queryOptions} from '@tanstack/react-query';
import {writeScope} from '../base/scope.ts';
import type {Scope} from '../base/scope.ts';
import {get} from './client.ts';
import {ofOrganization} from './session.ts';
import type {TimeseriesForm} from './schema.ts';

export type SeriesQuestion = {
  readonly dataset: 'errors' | 'spans' | 'logs' | 'tracemetrics';
  readonly query: string;
  readonly yAxis: readonly string[];
  readonly groupBy?: readonly string[];
  readonly topEvents?: number;
  readonly sort?: string;
  /** Each step beside the one so many seconds earlier. */
  readonly comparisonDelta?: number | undefined;
};

export type SeriesLine = {readonly name: string; readonly yAxis: string; readonly kind: string; readonly unit: string; readonly values: readonly (number | null)[]; readonly before: readonly (number | null)[]; readonly isOther: boolean; readonly isDoubtful: boolean};
export type SeriesAnswer = {readonly timesMs: readonly number[]; readonly lines: readonly SeriesLine[]};

export const seriesQuery = (organization: {readonly slug: string}, scope: Scope, question: SeriesQuestion) =>
  queryOptions({
    queryKey: ['series', organization.slug, writeScope(scope), question],
    queryFn: async ({signal}): Promise<SeriesAnswer> => {
      const answer = await get<TimeseriesForm>(ofOrganization(organization, 'events-timeseries/'), {...writeScope(scope), ...question}, signal);
      const lines = answer.timeSeries.map(line => ({
        name: line.groupBy?.map(each => String(each.value)).join(', ') || line.yAxis,
        yAxis: line.yAxis,
        kind: line.meta.valueType,
        unit: line.meta.valueUnit ?? '',
        // The last step is not over: half of its figure would look like a fall.
        values: line.values.map(point => (point.incomplete ? null : point.value)),
        before: line.values.map(point => point.comparisonValue ?? null),
        isOther: line.meta.isOther,
        isDoubtful: line.values.some(point => point.confidence === 'low'),
      }));
      return {timesMs: answer.timeSeries[0]?.values.map(point => point.timestamp) ?? [], lines};
    },
    placeholderData: keepPreviousData,
  });
