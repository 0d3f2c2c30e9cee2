// What the query box offers: keys and values that were really seen, most frequent first.
import type {QueryClient} from '@tanstack/react-query';
import type {QueryPlace} from '../../base/query_place.ts';
import {termOf} from '../../base/query_terms.ts';
import type {Scope} from '../../base/scope.ts';
import type {Suggestion} from '../../widgets/query_box_props.ts';
import {attributeKeysQuery, attributeValuesQuery} from '../../wire/attributes.ts';
import {textOf} from '../../wire/events_table.ts';
import type {ExploredDataset} from './datasets.ts';

const SHOWN_MAX = 40;

export async function suggestionsFor(queries: QueryClient, organization: {readonly slug: string}, scope: Scope, dataset: ExploredDataset, place: QueryPlace): Promise<readonly Suggestion[]> {
  try {
    if (place.kind === 'key') {
      const keys = await queries.ensureQueryData(attributeKeysQuery(organization, scope, dataset.name));
      const part = place.part.toLowerCase();
      const matching = keys.filter(each => each.key.toLowerCase().includes(part));
      // What begins so comes before what has it somewhere.
      const sorted = [...matching].sort((one, other) => Number(other.key.toLowerCase().startsWith(part)) - Number(one.key.toLowerCase().startsWith(part)));
      return sorted.slice(0, SHOWN_MAX).map(each => ({text: `${each.key}:`, note: each.attributeType}));
    }
    const values = await queries.ensureQueryData(attributeValuesQuery(organization, scope, {dataset: dataset.name, key: place.key, part: place.part}));
    return values.slice(0, SHOWN_MAX).map(each => ({text: termOf('', textOf(each.value)).slice(1), note: String(each.count)}));
  } catch {
    // Completion is a convenience: the answer to the query says what is wrong.
    return [];
  }
}
