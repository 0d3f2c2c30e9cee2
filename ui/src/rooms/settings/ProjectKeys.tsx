// The keys of a project: their addresses, switches and limits.
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';
import {Button, CopyButton, Tag} from '../../widgets/Button.tsx';
import type {KeyForm} from '../../wire/schema.ts';
import {keysQuery, useOrganization} from '../../wire/session.ts';
import {changeKey, deleteKey, makeKey} from '../../wire/settings.ts';
import type {KeyChange} from '../../wire/settings.ts';
import {AskedButton} from './AskedButton.tsx';
import {useChange} from './use_change.ts';

const WINDOW_S = 60;

export function ProjectKeys({project}: {readonly project: string}): ReactElement {
  const organization = useOrganization();
  const found = useQuery(keysQuery(organization, project));
  const [name, setName] = useState('');
  const made = useChange(() => makeKey(organization, project, name.trim()), () => setName(''));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() !== '') made.mutate(undefined);
  };
  return (
    <section aria-label="Keys">
      <h3>Keys</h3>
      {found.isError && <p role="alert" className="small wrong">{found.error.message}</p>}
      <ul>{(found.data ?? []).map(key => <OneKey key={key.id} project={project} told={key} />)}</ul>
      <form className="settings-form" onSubmit={submit}>
        <label>New key <input className="field" placeholder="Name" value={name} onChange={event => setName(event.target.value)} /></label>
        <Button type="submit" disabled={made.isPending || name.trim() === ''}>Make the key</Button>
        {made.isError && <p role="alert" className="small wrong">{made.error.message}</p>}
      </form>
    </section>
  );
}

function OneKey({project, told}: {readonly project: string; readonly told: KeyForm}): ReactElement {
  const organization = useOrganization();
  const changed = useChange((change: KeyChange) => changeKey(organization, project, told.id, change));
  const deleted = useChange(() => deleteKey(organization, project, told.id));
  const failure = changed.error ?? deleted.error;
  return (
    <li className="settings-key">
      <div className="row">
        <b>{told.name}</b>
        {!told.isActive && <Tag tone="warn">switched off</Tag>}
        <span className="grow" />
        {told.isActive ? (
          <AskedButton label="Switch off" name={`Switch off the key ${told.name}`} warning="What is sent with it will be refused." isBusy={changed.isPending} onYes={() => changed.mutate({isActive: false})} />
        ) : (
          <Button disabled={changed.isPending} onClick={() => changed.mutate({isActive: true})}>Switch on</Button>
        )}
        <AskedButton label="Delete" name={`Delete the key ${told.name}`} warning="It cannot be brought back." isBusy={deleted.isPending} onYes={() => deleted.mutate(undefined)} />
      </div>
      <div className="copy-line"><span className="cut">{told.dsn.public}</span><CopyButton what={`the DSN of ${told.name}`} text={told.dsn.public} /></div>
      <Limit key={told.rateLimit?.count ?? 0} told={told} isBusy={changed.isPending} onChange={rateLimit => changed.mutate({rateLimit})} />
      {failure && <p role="alert" className="small wrong">{failure.message}</p>}
    </li>
  );
}

function Limit({told, isBusy, onChange}: {readonly told: KeyForm; readonly isBusy: boolean; readonly onChange: (limit: KeyForm['rateLimit']) => void}): ReactElement {
  const [count, setCount] = useState(told.rateLimit === null ? '' : String(told.rateLimit.count));
  const window = told.rateLimit?.window ?? WINDOW_S;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onChange(count.trim() === '' ? null : {window, count: Number(count)});
  };
  return (
    <form className="settings-form" onSubmit={submit}>
      <label>At most <input className="field" inputMode="numeric" pattern="[0-9]*" placeholder="any number of" aria-label={`Items within ${window} seconds for ${told.name}`} value={count} onChange={event => setCount(event.target.value)} /> items in {window} s</label>
      <Button type="submit" disabled={isBusy}>Set the limit</Button>
    </form>
  );
}
