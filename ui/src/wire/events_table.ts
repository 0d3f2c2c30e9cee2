// Tables of rows or groups of any dataset (`events/`), as every explorer asks for them.
import {keepPreviousData, queryOptions} from '@tanstack/react-query';
import {writeScope} from '../base/scope.ts';
import type {Scope} from '../base/scope.ts';
import {getWithHeaders, nextCursor} from './client.ts';
import {ofOrganization} from './session.ts';
import type {Json, TableForm} from './schema.ts';

export type TableQuestion = {
  readonly dataset: 'errors' | 'spans' | 'logs' | 'tracemetrics';
  readonly fields: readonly string[];
  readonly query: string;
  readonly sort?: string | undefined;
  readonly perPage?: number;
  readonly cursor?: string | undefined;
};

export type TableAnswer = {
  readonly rows: readonly Readonly<Record<string, Json>>[];
  readonly meta: TableForm['meta'];
  readonly next: string | null;
};

export const tableQuery = (organization: {readonly slug: string}, scope: Scope, question: TableQuestion) =>
  queryOptions({
    queryKey: ['table', organization.slug, writeScope(scope), question],
    queryFn: async ({signal}): Promise<TableAnswer> => {
      const {value, headers} = await getWithHeaders<TableForm>(
        ofOrganization(organization, 'events/'),
        {
          ...writeScope(scope),
          dataset: question.dataset,
          field: question.fields,
          query: question.query,
          sort: question.sort,
          per_page: question.perPage ?? 100,
          cursor: question.cursor === '' ? undefined : question.cursor,
        },
        signal,
      );
      return {rows: value.data, meta: value.meta, next: nextCursor(headers)};
    },
    placeholderData: keepPreviousData,
  });

/** Returns a cell as text; what is missing is empty. */
export function textOf(cell: Json | undefined): string {
  if (cell === undefined || cell === null) return '';
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

export function numberOf(cell: Json | undefined): number {
  return typeof cell === 'number' ? cell : Number.NaN;
}
