// What can be explored: the columns, figures and facets that each dataset begins with.

export type DatasetName = 'spans' | 'logs' | 'errors' | 'tracemetrics';

export type ExploredDataset = {
  readonly name: DatasetName;
  readonly title: string;
  /** What the rows are: "12 spans". */
  readonly noun: string;
  readonly columns: readonly string[];
  /** Figures to choose from; the first is shown unless another is chosen. */
  readonly figures: readonly string[];
  readonly groupBy: readonly string[];
  readonly facets: readonly string[];
  readonly example: string;
};

const COUNTS = ['count()', 'epm()', 'count_unique(user.id)'];

export const DATASETS: readonly ExploredDataset[] = [
  {
    name: 'spans',
    title: 'Spans',
    noun: 'spans',
    columns: ['timestamp', 'service', 'span.op', 'span.description', 'span.status', 'span.duration'],
    figures: ['count()', 'p50(span.duration)', 'p95(span.duration)', 'p99(span.duration)', 'avg(span.duration)', 'max(span.duration)', 'failure_rate()', 'failure_count()', 'epm()', 'count_unique(trace)', 'count_unique(user.id)'],
    groupBy: ['service', 'span.op', 'span.name', 'span.status', 'transaction', 'environment', 'release'],
    facets: ['service', 'span.op', 'span.status', 'environment', 'release'],
    example: 'service:api span.duration:>100ms, or text',
  },
  {
    name: 'logs',
    title: 'Logs',
    noun: 'logs',
    columns: ['timestamp', 'severity', 'service', 'message'],
    figures: [...COUNTS, 'count_unique(trace)'],
    groupBy: ['severity', 'service', 'logger', 'message.template', 'environment', 'release'],
    facets: ['severity', 'service', 'logger', 'environment', 'release'],
    example: 'severity:error service:api, or text',
  },
  {
    name: 'errors',
    title: 'Errors',
    noun: 'errors',
    columns: ['timestamp', 'level', 'project', 'title', 'culprit', 'release'],
    figures: [...COUNTS, 'count_unique(group.hash)', 'count_unique(trace)'],
    groupBy: ['error.type', 'level', 'title', 'project', 'transaction', 'environment', 'release'],
    facets: ['level', 'error.type', 'project', 'environment', 'release'],
    example: 'level:fatal error.type:TimeoutError, or text',
  },
  {
    name: 'tracemetrics',
    title: 'Metrics',
    noun: 'values',
    columns: ['timestamp', 'metric.name', 'metric.type', 'service', 'value', 'metric.unit'],
    figures: ['avg(value)', 'sum(value)', 'max(value)', 'min(value)', 'p50(value)', 'p95(value)', 'count()'],
    groupBy: ['metric.name', 'service', 'environment', 'release'],
    facets: ['metric.name', 'service', 'metric.type', 'environment'],
    example: 'metric.name:queue.depth service:api',
  },
];

export function datasetOf(name: string): ExploredDataset {
  return DATASETS.find(each => each.name === name) ?? (DATASETS[0] as ExploredDataset);
}
