// What is taken out of events and how they are grouped; tried on a kept event before it is set.
import {useMutation} from '@tanstack/react-query';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';
import {Button} from '../../widgets/Button.tsx';
import type {PreviewForm, ProjectDetails} from '../../wire/schema.ts';
import {useOrganization} from '../../wire/session.ts';
import {changeProject, tryRules} from '../../wire/settings.ts';
import type {ProjectChange} from '../../wire/settings.ts';
import {useChange} from './use_change.ts';

const SWITCHES = [
  ['dataScrubber', 'Take out what looks like passwords, tokens and card numbers'],
  ['dataScrubberDefaults', 'Also by the usual names of fields'],
  ['scrubIPAddresses', 'Take out IP addresses'],
] as const;
const LISTS = [
  ['sensitiveFields', 'Always take out these fields', 'one in each line'],
  ['safeFields', 'Never take out these fields', 'one in each line'],
] as const;
const TEXTS = [
  ['fingerprintingRules', 'Fingerprint rules', 'error.type:TimeoutError -> timeouts'],
  ['groupingEnhancements', 'Stack trace rules', 'stack.function:wrapper -group'],
] as const;

type Draft = Readonly<Record<string, boolean | string>>;

export function ProjectRules({project}: {readonly project: ProjectDetails}): ReactElement {
  const organization = useOrganization();
  const [draft, setDraft] = useState<Draft>(() => draftOf(project));
  const [eventId, setEventId] = useState('');
  const saved = useChange(() => changeProject(organization, project.slug, changeOf(draft)));
  const tried = useMutation({mutationFn: () => tryRules(organization, project.slug, {...changeOf(draft), eventId: eventId.trim().replaceAll('-', '')})});
  const write = (name: string, value: boolean | string): void => setDraft(before => ({...before, [name]: value}));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    saved.mutate(undefined);
  };
  return (
    <section aria-label="Scrubbing and grouping">
      <h3>Scrubbing and grouping</h3>
      <form onSubmit={submit} className="settings-rules">
        <ul className="settings-switches">
          {SWITCHES.map(([name, title]) => <li key={name}><label className="row"><input type="checkbox" checked={draft[name] === true} onChange={event => write(name, event.target.checked)} />{title}</label></li>)}
        </ul>
        {[...LISTS, ...TEXTS].map(([name, title, example]) => (
          <label key={name}>{title}<textarea className="field mono" rows={3} placeholder={example} spellCheck={false} value={String(draft[name] ?? '')} onChange={event => write(name, event.target.value)} /></label>
        ))}
        <div className="row">
          <Button look="primary" type="submit" disabled={saved.isPending}>Save the rules</Button>
          <span role="status" className="small">{saved.isSuccess ? 'Saved' : ''}</span>
        </div>
        {saved.isError && <p role="alert" className="small wrong">{saved.error.message}</p>}
      </form>
      <form
        className="settings-form"
        onSubmit={event => {
          event.preventDefault();
          tried.mutate();
        }}
      >
        <label>Try them on an event <input className="field mono" placeholder="Event ID" value={eventId} onChange={event => setEventId(event.target.value)} /></label>
        <Button type="submit" disabled={tried.isPending || eventId.trim() === ''}>Try</Button>
        {tried.isError && <p role="alert" className="small wrong">{tried.error.message}</p>}
      </form>
      {tried.data && !tried.isError && <Preview preview={tried.data} />}
    </section>
  );
}

function Preview({preview}: {readonly preview: PreviewForm}): ReactElement {
  const isNothing = Object.keys(preview.removed).length === 0;
  return (
    <section aria-label="What the rules would do" className="settings-preview">
      <p><b>{preview.title}</b> <span className="second">{preview.culprit}</span></p>
      <h4>Taken out</h4>
      {isNothing ? <p className="second small">Nothing.</p> : <pre className="code" tabIndex={0}>{JSON.stringify(preview.removed, null, 2)}</pre>}
      <h4>Grouped by</h4>
      <pre className="code" tabIndex={0}>{JSON.stringify(preview.grouping, null, 2)}</pre>
    </section>
  );
}

function draftOf(project: ProjectDetails): Draft {
  return {
    ...Object.fromEntries(SWITCHES.map(([name]) => [name, project[name]])),
    ...Object.fromEntries(LISTS.map(([name]) => [name, project[name].join('\n')])),
    ...Object.fromEntries(TEXTS.map(([name]) => [name, project[name]])),
  };
}

function changeOf(draft: Draft): ProjectChange {
  const lines = (name: string): readonly string[] => String(draft[name] ?? '').split('\n').map(line => line.trim()).filter(Boolean);
  return {...draft, ...Object.fromEntries(LISTS.map(([name]) => [name, lines(name)]))};
}
