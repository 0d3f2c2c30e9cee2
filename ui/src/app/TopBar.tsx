// Pickers of project, environment and time, the way into the palette, and the person's menu.
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';
import {describeRange, PERIODS} from '../base/scope.ts';
import {Button, Key} from '../widgets/Button.tsx';
import {Icon} from '../widgets/Icon.tsx';
import {Picker} from '../widgets/Picker.tsx';
import {useScope, useSetScope} from '../widgets/use_scope.ts';
import {environmentsQuery} from '../wire/environments.ts';
import {useOrganization} from '../wire/session.ts';
import {PersonMenu} from './PersonMenu.tsx';

export function TopBar({onJump, onHelp}: {readonly onJump: () => void; readonly onHelp: () => void}): ReactElement {
  const organization = useOrganization();
  const scope = useScope();
  const setScope = useSetScope();
  const [isAsked, setAsked] = useState(false);
  const environments = useQuery({...environmentsQuery(organization), enabled: isAsked});
  const {range} = scope;
  return (
    <header className="top">
      <Picker
        label="Project"
        shown={scope.projects.length === 0 ? 'all' : scope.projects.join(', ')}
        isAll={scope.projects.length === 0}
        choices={organization.projects.map(each => ({value: each.slug, text: each.slug, note: each.platform ?? ''}))}
        chosen={scope.projects}
        isMany
        onChoose={projects => setScope({...scope, projects})}
      />
      <Picker
        label="Environment"
        shown={scope.environment === '' ? 'all' : scope.environment}
        isAll={scope.environment === ''}
        choices={(environments.data ?? (scope.environment === '' ? [] : [scope.environment])).map(each => ({value: each, text: each}))}
        chosen={scope.environment === '' ? [] : [scope.environment]}
        onOpen={() => setAsked(true)}
        onChoose={([environment]) => setScope({...scope, environment: environment ?? ''})}
      />
      <Picker
        label="Time"
        shown={describeRange(range)}
        choices={PERIODS.map(([value, text]) => ({value, text}))}
        chosen={range.kind === 'last' ? [range.period] : []}
        onChoose={([period]) => {
          if (period !== undefined) setScope({...scope, range: {kind: 'last', period}});
        }}
        footer={close => (
          <RangeForm
            onChoose={(start, end) => {
              setScope({...scope, range: {kind: 'between', start, end}});
              close();
            }}
          />
        )}
      />
      <span className="grow" />
      <button type="button" className="jump" onClick={onJump} aria-keyshortcuts="Control+K Meta+K">
        <Icon name="search" />
        <span>Search or jump to</span>
        <Key>Ctrl K</Key>
      </button>
      <Button look="quiet" className="wide-only" onClick={onHelp} aria-label="All keys"><Key>?</Key></Button>
      <PersonMenu />
    </header>
  );
}

function RangeForm({onChoose}: {readonly onChoose: (start: string, end: string) => void}): ReactElement {
  const [wrong, setWrong] = useState('');
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const start = String(given.get('start'));
    const end = String(given.get('end'));
    if (start === '' || end === '') setWrong('Give both times.');
    else if (start >= end) setWrong('The start must be before the end.');
    else onChoose(`${start}:00`, `${end}:00`);
  };
  return (
    <form className="range-form" onSubmit={submit}>
      <label>From, UTC<input className="field" type="datetime-local" name="start" /></label>
      <label>To, UTC<input className="field" type="datetime-local" name="end" /></label>
      {wrong !== '' && <p className="wrong" role="alert">{wrong}</p>}
      <Button type="submit">Use this range</Button>
    </form>
  );
}
