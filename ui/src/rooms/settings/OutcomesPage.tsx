// Outcomes: what became of everything that was sent, over time and by reason.
import {useQuery} from '@tanstack/react-query';
import {useMemo} from 'react';
import type {ReactElement} from 'react';
import {formatCount} from '../../base/numbers.ts';
import {Tag} from '../../widgets/Button.tsx';
import {Chart} from '../../widgets/Chart.tsx';
import {Empty, Failure, Loading} from '../../widgets/States.tsx';
import {useScope} from '../../widgets/use_scope.ts';
import type {OutcomeGroup, Outcomes} from '../../wire/schema.ts';
import {useOrganization} from '../../wire/session.ts';
import {outcomesQuery} from '../../wire/settings.ts';
import {SettingsFrame} from './SettingsFrame.tsx';

const QUANTITY = 'sum(quantity)';
/** Bytes are no things: they would dwarf the others. */
const isThing = (group: OutcomeGroup): boolean => !String(group.by['category']).endsWith('_byte');

export default function OutcomesPage(): ReactElement {
  const found = useQuery(outcomesQuery(useOrganization(), useScope()));
  const groups = [...(found.data?.groups ?? [])].sort((one, other) => (other.totals[QUANTITY] ?? 0) - (one.totals[QUANTITY] ?? 0));
  return (
    <SettingsFrame foot={found.data && <span><b>{formatCount(groups.length)}</b> outcomes, these are all</span>}>
      <h2>Outcomes</h2>
      {found.isError && <Failure what="Outcomes could not be read" error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading what="outcomes" rows={8} />}
      {found.data && groups.length === 0 && <Empty title="Nothing was sent in this time">Look at a longer time.</Empty>}
      {found.data && groups.length > 0 && (
        <>
          <Course outcomes={found.data} />
          <table className="settings-table">
            <thead><tr><th scope="col">Outcome</th><th scope="col">Category</th><th scope="col">Reason</th><th scope="col" className="right">Quantity</th></tr></thead>
            <tbody>
              {groups.map(({by, totals}) => (
                <tr key={JSON.stringify(by)}>
                  <td><Tag tone={by['outcome'] === 'accepted' ? 'plain' : by['outcome'] === 'filtered' ? 'info' : 'warn'}>{String(by['outcome'])}</Tag></td>
                  <td className="mono">{String(by['category'])}</td>
                  <td>{String(by['reason'] ?? '') || '–'}</td>
                  <td className="right">{formatCount(totals[QUANTITY] ?? 0)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </SettingsFrame>
  );
}

function Course({outcomes}: {readonly outcomes: Outcomes}): ReactElement {
  const timesMs = useMemo(() => outcomes.intervals.map(each => Date.parse(each)), [outcomes]);
  const lines = useMemo(() => {
    const names = [...new Set(outcomes.groups.map(group => String(group.by['outcome'])))];
    return names.map(name => {
      const own = outcomes.groups.filter(group => group.by['outcome'] === name && isThing(group));
      return {name, values: outcomes.intervals.map((_, at) => own.reduce((sum, group) => sum + (group.series[QUANTITY]?.[at] ?? 0), 0))};
    });
  }, [outcomes]);
  return <Chart name="Items" sentence="Items by outcome; bytes are left out." timesMs={timesMs} lines={lines} format={formatCount} heightPx={140} />;
}
