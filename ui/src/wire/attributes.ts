// What can be searched: names of attributes, the values they took, and how often.
import {keepPreviousData, queryOptions} from '@tanstack/react-query';
import {writeScope} from '../base/scope.ts';
import type {Scope} from '../base/scope.ts';
import {get} from './client.ts';
import {ofOrganization} from './session.ts';
import type {AttributeKey, AttributeValue, Facet} from './schema.ts';

const KEYS_MAX = 500;
const VALUES_MAX = 30;

export const attributeKeysQuery = (organization: {readonly slug: string}, scope: Scope, dataset: string) =>
  queryOptions({
    queryKey: ['attribute keys', organization.slug, dataset, writeScope({...scope, environment: ''})],
    queryFn: ({signal}) =>
      get<readonly AttributeKey[]>(ofOrganization(organization, 'trace-items/attributes/'), {...writeScope({...scope, environment: ''}), dataset, per_page: KEYS_MAX}, signal),
    staleTime: 60_000,
  });

export const attributeValuesQuery = (organization: {readonly slug: string}, scope: Scope, asked: {readonly dataset: string; readonly key: string; readonly part: string}) =>
  queryOptions({
    queryKey: ['attribute values', organization.slug, asked, writeScope({...scope, environment: ''})],
    queryFn: ({signal}) =>
      get<readonly AttributeValue[]>(
        ofOrganization(organization, `trace-items/attributes/${encodeURIComponent(asked.key)}/values/`),
        {...writeScope({...scope, environment: ''}), dataset: asked.dataset, substringMatch: asked.part, per_page: VALUES_MAX},
        signal,
      ),
    staleTime: 60_000,
  });

/** Without keys: those of all that the rows have. */
export const facetsQuery = (organization: {readonly slug: string}, scope: Scope, asked: {readonly dataset: string; readonly query: string; readonly keys: readonly string[]}) =>
  queryOptions({
    queryKey: ['facets', organization.slug, writeScope(scope), asked],
    queryFn: ({signal}) => get<readonly Facet[]>(ofOrganization(organization, 'events-facets/'), {...writeScope(scope), dataset: asked.dataset, query: asked.query, key: asked.keys}, signal),
    placeholderData: keepPreviousData,
  });
