// Whether anything has arrived yet, and what came first.
import {queryOptions} from '@tanstack/react-query';
import {get} from './client.ts';
import {ofOrganization} from './session.ts';
import type {Json, TableForm} from './schema.ts';

const DATASETS = ['errors', 'spans', 'logs'] as const;
const LOOK_BACK = '90d';

export type FirstData = {
  readonly dataset: (typeof DATASETS)[number];
  readonly row: Readonly<Record<string, Json>>;
};

export const hasDataQuery = (organization: {readonly slug: string}) =>
  queryOptions({
    queryKey: ['has-data', organization.slug],
    queryFn: async ({signal}) => (await newest(organization, '', signal)) !== null,
    staleTime: 0,
  });

/** The newest that arrived in a project; asked again until there is something. */
export const newestDataQuery = (organization: {readonly slug: string}, project: string, everyMs: number) =>
  queryOptions({
    queryKey: ['newest-data', organization.slug, project],
    queryFn: ({signal}) => newest(organization, project, signal),
    refetchInterval: query => (query.state.data ? false : everyMs),
    staleTime: 0,
  });

const FIELDS: Readonly<Record<FirstData['dataset'], readonly string[]>> = {
  errors: ['id', 'title', 'timestamp', 'project', 'level', 'trace'],
  spans: ['trace', 'span_id', 'description', 'span.op', 'timestamp', 'project'],
  logs: ['message', 'severity', 'timestamp', 'trace', 'project'],
};

async function newest(organization: {readonly slug: string}, project: string, signal: AbortSignal): Promise<FirstData | null> {
  const answers = await Promise.all(
    DATASETS.map(dataset =>
      get<TableForm>(
        ofOrganization(organization, 'events/'),
        {dataset, field: FIELDS[dataset], statsPeriod: LOOK_BACK, per_page: 1, sort: '-timestamp', project: project === '' ? undefined : project},
        signal,
      ),
    ),
  );
  for (const [at, dataset] of DATASETS.entries()) {
    const row = answers[at]?.data[0];
    if (row) return {dataset, row};
  }
  return null;
}
