// The most frequent values beside what was found; a click adds one to the query or takes it out.
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import type {ReactElement} from 'react';
import {formatCount} from '../../base/numbers.ts';
import {hasTerm, toggleTerm} from '../../base/query_terms.ts';
import {slotOf} from '../../base/service_slots.ts';
import {Button} from '../../widgets/Button.tsx';
import {useScope} from '../../widgets/use_scope.ts';
import {facetsQuery} from '../../wire/attributes.ts';
import {useOrganization} from '../../wire/session.ts';
import type {ExploreView} from './explore_view.ts';

const VALUES_MAX = 8;

export function FieldFacets({view, onAsk}: {readonly view: ExploreView; readonly onAsk: (text: string) => void}): ReactElement {
  const {dataset, query} = view;
  const organization = useOrganization();
  const scope = useScope();
  const [isAll, setAll] = useState(false);
  const found = useQuery(facetsQuery(organization, scope, {dataset: dataset.name, query, keys: dataset.facets}));
  const others = useQuery({...facetsQuery(organization, scope, {dataset: dataset.name, query, keys: []}), enabled: isAll});
  const own = found.data ?? [];
  const more = (isAll ? (others.data ?? []) : []).filter(facet => own.every(each => each.key !== facet.key));
  const shown = [...own, ...more].map(facet => ({...facet, topValues: facet.topValues.filter(each => each.value !== '')})).filter(facet => facet.topValues.length > 0);
  return (
    <aside className="facets" aria-label="Facets" tabIndex={0}>
      {shown.map(facet => (
        <section key={facet.key}>
          <h2 className="cut" title={facet.key}>{facet.key}</h2>
          {facet.topValues.slice(0, VALUES_MAX).map(({value, name, count}) => (
            <button key={value} type="button" className="facet" aria-pressed={hasTerm(query, facet.key, value)} title={name} onClick={() => onAsk(toggleTerm(query, facet.key, value))}>
              {facet.key === 'service' && <span className={`swatch slot-${slotOf(value)}`} />}
              <span className="cut">{name}</span>
              <span className="count">{formatCount(count)}</span>
            </button>
          ))}
        </section>
      ))}
      {found.isError && <p className="small quiet list-foot">No facets: {found.error.message}</p>}
      {shown.length > 0 && !isAll && <p className="list-foot"><Button look="quiet" onClick={() => setAll(true)}>More fields</Button></p>}
      {isAll && others.data && more.length === 0 && <p className="small quiet list-foot">There are no more fields.</p>}
    </aside>
  );
}
