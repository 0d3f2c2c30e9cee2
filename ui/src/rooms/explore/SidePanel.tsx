// Beside the table: in what a selection differs from all other rows that were found.
import {useQuery} from '@tanstack/react-query';
import type {ReactElement} from 'react';
import {formatCount, formatShare} from '../../base/numbers.ts';
import {toggleTerm} from '../../base/query_terms.ts';
import {Button} from '../../widgets/Button.tsx';
import {Loading} from '../../widgets/States.tsx';
import {useScope, useSetSearch} from '../../widgets/use_scope.ts';
import {differencesQuery} from '../../wire/behind_figures.ts';
import type {AttributeDifference, Differences} from '../../wire/schema.ts';
import type {ExploreView} from './explore_view.ts';

export function SidePanel({view}: {readonly view: ExploreView}): ReactElement | null {
  const setSearch = useSetSearch();
  const {selection, query, dataset} = view;
  const found = useQuery({...differencesQuery(useScope(), {dataset: dataset.name, query, selection}), enabled: selection !== ''});
  if (selection === '') return null;
  return (
    <aside className="explore-side" aria-label="What differs" tabIndex={0}>
      <div className="row">
        <h2>What differs</h2>
        <span className="grow" />
        <Button look="quiet" onClick={() => setSearch({query: `${query} ${selection}`.trim(), selection: '', cursor: ''})}>Only these</Button>
        <Button look="quiet" onClick={() => setSearch({selection: ''})}>Close</Button>
      </div>
      <p className="mono selection">{selection}</p>
      {found.isError && <p className="small" role="alert">They could not be compared: {found.error.message}</p>}
      {found.isPending && <Loading what="differences" rows={6} />}
      {found.data && <Found differences={found.data} onValue={(key, value) => setSearch({query: toggleTerm(query, key, value), cursor: ''})} />}
    </aside>
  );
}

function Found({differences, onValue}: {readonly differences: Differences; readonly onValue: (key: string, value: string) => void}): ReactElement {
  const {selected, rest, attributes} = differences;
  return (
    <>
      <p className="small second legend"><i className="own" /> {formatCount(selected.total)} selected <i /> {formatCount(rest.total)} others</p>
      {attributes.length === 0 && <p className="small second">{selected.total === 0 || rest.total === 0 ? 'One side is empty: there is nothing to compare.' : 'No attribute differs more than chance would have it.'}</p>}
      <ul>
        {attributes.map(attribute => <Attribute key={attribute.key} attribute={attribute} onValue={onValue} />)}
      </ul>
      <p className="small quiet" title={differences.measure}>
        {formatCount(differences.comparedValues)} values compared{selected.sampled < selected.total || rest.sampled < rest.total ? `, in ${formatCount(selected.sampled + rest.sampled)} of ${formatCount(selected.total + rest.total)} rows` : ''}{differences.isCut ? '; the ones that differ most are shown' : ''}
      </p>
    </>
  );
}

function Attribute({attribute, onValue}: {readonly attribute: AttributeDifference; readonly onValue: (key: string, value: string) => void}): ReactElement | null {
  const [first] = attribute.values;
  if (!first) return null;
  return (
    <li className="differs">
      <button type="button" title={`${attribute.key} ${first.value}`} onClick={() => onValue(attribute.key, first.value)}>
        <span className="quiet cut">{attribute.key}</span>
        <span className="mono cut">{first.value}</span>
      </button>
      <span className="differs-pair" aria-hidden="true"><i className="own" style={{width: `${first.selectedShare * 100}%`}} /><i style={{width: `${first.restShare * 100}%`}} /></span>
      <span className="right small"><span className="unseen">selected </span>{formatShare(first.selectedShare, 1)}<br /><span className="quiet"><span className="unseen">others </span>{formatShare(first.restShare, 1)}</span></span>
    </li>
  );
}
