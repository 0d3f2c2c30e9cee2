// The names of the services that sent spans.
import {queryOptions} from '@tanstack/react-query';
import {get} from './client.ts';
import {ofOrganization} from './session.ts';
import type {TableForm} from './schema.ts';

const SERVICES_MAX = 100;

export const servicesQuery = (organization: {readonly slug: string}) =>
  queryOptions({
    queryKey: ['services', organization.slug],
    queryFn: async ({signal}): Promise<readonly string[]> => {
      const {data} = await get<TableForm>(
        ofOrganization(organization, 'events/'),
        {dataset: 'spans', field: ['service', 'count()'], statsPeriod: '14d', per_page: SERVICES_MAX, sort: '-count()'},
        signal,
      );
      return data.map(row => row['service']).filter(name => typeof name === 'string' && name !== '') as string[];
    },
    staleTime: 300_000,
  });
