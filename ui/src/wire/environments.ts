// The environments that data came from.
import {queryOptions} from '@tanstack/react-query';
import {get} from './client.ts';
import {ofOrganization} from './session.ts';
import type {TableForm} from './schema.ts';

export const environmentsQuery = (organization: {readonly slug: string}) =>
  queryOptions({
    queryKey: ['environments', organization.slug],
    queryFn: async ({signal}): Promise<readonly string[]> => {
      const asked = ['errors', 'spans'].map(dataset =>
        get<TableForm>(
          ofOrganization(organization, 'events/'),
          {dataset, field: ['environment', 'count()'], statsPeriod: '30d', per_page: 50, sort: '-count()'},
          signal,
        ),
      );
      const answers = await Promise.all(asked);
      const names = answers.flatMap(answer => answer.data.map(row => row['environment'])).filter(name => typeof name === 'string' && name !== '');
      return [...new Set(names as string[])].sort();
    },
    staleTime: 60_000,
  });
