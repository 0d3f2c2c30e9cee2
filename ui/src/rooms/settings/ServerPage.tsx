// The server's own health: is it ready, does it keep up, is there room, what was kept aside.
import {useQuery} from '@tanstack/react-query';
import type {ReactElement} from 'react';
import {formatBytes, formatCount, formatDuration} from '../../base/numbers.ts';
import {LevelMark} from '../../widgets/Icon.tsx';
import {Failure, Loading} from '../../widgets/States.tsx';
import type {Json} from '../../wire/schema.ts';
import {quarantineQuery, restoreQuarantine, statusQuery} from '../../wire/settings.ts';
import {AskedButton} from './AskedButton.tsx';
import {SettingsFrame} from './SettingsFrame.tsx';
import {useChange} from './use_change.ts';

type Part = Readonly<Record<string, Json>>;
const partOf = (value: Json | undefined): Part => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Part) : {});
const listOf = (value: Json | undefined): readonly Part[] => (Array.isArray(value) ? value.map(each => partOf(each as Json)) : []);
const numberOf = (value: Json | undefined): number => (typeof value === 'number' ? value : Number.NaN);

export default function ServerPage(): ReactElement {
  const found = useQuery(statusQuery);
  return (
    <SettingsFrame foot={<span>Asked again every 10 s</span>}>
      <h2>Server</h2>
      {found.isError && <Failure what="The server’s health could not be read" error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading what="the server’s health" rows={8} />}
      {found.data && !found.isError && <Health status={found.data} />}
      <Quarantine />
    </SettingsFrame>
  );
}

function Health({status}: {readonly status: Part}): ReactElement {
  const journal = partOf(status['journal']);
  const disk = partOf(status['disk']);
  const problems = listOf(status['problems']);
  return (
    <>
      <p className="row"><LevelMark level={status['ready'] === true ? 'ok' : 'error'} /> <b>{status['ready'] === true ? 'Ready' : 'Not ready'}</b></p>
      {problems.map(problem => <p key={String(problem['name'])} role="alert"><b>{String(problem['name'])}</b> {String(problem['text'])}</p>)}
      <dl className="pairs settings-facts">
        <dt>Up for</dt><dd>{formatDuration(numberOf(status['uptime_s']) * 1e9)}</dd>
        <dt>Memory</dt><dd>{formatBytes(numberOf(status['memory_bytes']))}</dd>
        <dt>Waiting in the journal</dt><dd>{formatCount(numberOf(journal['lag_records']))} records, {formatBytes(numberOf(journal['lag_bytes']))}, {formatDuration(numberOf(journal['lag_seconds']) * 1e9)} to digest</dd>
        <dt>Disk</dt><dd>{formatBytes(numberOf(disk['free_bytes']))} free; nothing is taken in below {formatBytes(numberOf(disk['floor_bytes']))}</dd>
      </dl>
      <h3>Stored</h3>
      <table className="settings-table">
        <thead><tr><th scope="col">Table</th><th scope="col" className="right">Rows</th><th scope="col" className="right">Size</th></tr></thead>
        <tbody>
          {listOf(status['tables']).map(table => (
            <tr key={String(table['table'])}><td className="mono">{String(table['table'])}</td><td className="right">{formatCount(numberOf(table['rows']))}</td><td className="right">{formatBytes(numberOf(table['bytes']))}</td></tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Quarantine(): ReactElement {
  const found = useQuery(quarantineQuery);
  const restored = useChange(() => restoreQuarantine());
  const kept = found.data ?? [];
  return (
    <section aria-label="Quarantine">
      <h3>Kept aside</h3>
      {found.isError && <p className="second small">{found.error.message}</p>}
      {found.data && kept.length === 0 && <p className="second small">Nothing: the store took every row.</p>}
      {kept.map(each => <p key={each.name}><span className="mono">{each.table}</span> {formatCount(each.rows)} rows: {each.why}</p>)}
      {kept.length > 0 && <AskedButton label="Store again" name="Store again what was kept aside" warning="Rows that are refused again stay here." isBusy={restored.isPending} onYes={() => restored.mutate(undefined)} />}
      {restored.isError && <p role="alert" className="small wrong">{restored.error.message}</p>}
    </section>
  );
}
