// The first-run page: the address, what to paste, and what arrived.
import {useQuery} from '@tanstack/react-query';
import {useMemo, useState} from 'react';
import type {ReactElement} from 'react';
import {useKeys} from '../../base/keys.ts';
import {oneOf} from '../../base/search_record.ts';
import {CopyButton} from '../../widgets/Button.tsx';
import {Empty, Failure, Foot, Loading} from '../../widgets/States.tsx';
import {useScope, useSearchRecord, useSetSearch} from '../../widgets/use_scope.ts';
import {keysQuery, useOrganization} from '../../wire/session.ts';
import type {KeyForm} from '../../wire/schema.ts';
import {Arrival} from './Arrival.tsx';
import {forAgent, SNIPPETS} from './snippets.ts';
import type {Address} from './snippets.ts';
import './start.css';

export default function StartPage(): ReactElement {
  const organization = useOrganization();
  const scope = useScope();
  const project = scope.projects[0] ?? organization.projects[0]?.slug;
  if (project === undefined) return <Empty title="There is no project yet">Make one on the server: <code className="mono">vedette project create NAME</code></Empty>;
  return <Connect project={project} key={project} />;
}

function Connect({project}: {readonly project: string}): ReactElement {
  const organization = useOrganization();
  const keys = useQuery(keysQuery(organization, project));
  const key = keys.data?.find(each => each.isActive);
  return (
    <div className="page">
      <div className="start scroll">
        <div className="start-left">
          <h1>Connect {project}</h1>
          <p className="second">Any Sentry SDK or OpenTelemetry exporter works. Change the address, keep the code.</p>
          {keys.isError && <Failure what="The keys of this project could not be read" error={keys.error} onRetry={() => void keys.refetch()} />}
          {keys.isPending && <Loading what="the address" rows={4} />}
          {keys.data !== undefined && key === undefined && <Empty title="All keys of this project are switched off">Make one on the server: <code className="mono">vedette project key rotate</code></Empty>}
          {key !== undefined && <Steps address={addressOf(key)} />}
        </div>
        <aside className="start-right"><Arrival project={project} /></aside>
      </div>
      <Foot keys={[['1 – 6', 'platform'], ['?', 'all keys']]}>
        <span>An address can send data, not read it.</span>
      </Foot>
    </div>
  );
}

function Steps({address}: {readonly address: Address}): ReactElement {
  const search = useSearchRecord();
  const setSearch = useSetSearch();
  const [fallback] = SNIPPETS;
  const snippet = SNIPPETS.find(each => each.id === oneOf(search, 'platform')) ?? fallback;
  const keys = useMemo(
    () => SNIPPETS.map((each, at) => ({keys: [String(at + 1)], does: `Show ${each.title}`, group: 'Connect', run: () => setSearch({platform: each.id}, {replace: true})})),
    [setSearch],
  );
  useKeys(keys);
  const [isForAgent, setForAgent] = useState(false);
  if (!snippet) return <Empty title="No snippets" />;
  const code = isForAgent ? forAgent(snippet, address) : snippet.code(address);
  return (
    <>
      <Step number={1} title="Copy the address (DSN)">
        <p>It identifies the project. It can send data, not read it.</p>
        <div className="copy-line"><span className="cut" data-dsn>{address.dsn}</span><CopyButton what="the address" text={address.dsn} /></div>
      </Step>
      <Step number={2} title="Add it to the service">
        <nav className="tabs start-tabs" aria-label="Platform">
          {SNIPPETS.map(each => (
            <button key={each.id} type="button" aria-current={each.id === snippet.id ? 'true' : undefined} onClick={() => setSearch({platform: each.id}, {replace: true})}>{each.title}</button>
          ))}
        </nav>
        <div className="copy-line"><span className="cut">{snippet.install}</span><CopyButton what="the installation" text={snippet.install} /></div>
        <pre className="code start-code" tabIndex={0} aria-label={`Snippet for ${snippet.title}`}>{code}</pre>
        <div className="row">
          <CopyButton what="the snippet" label="Copy snippet" text={code} />
          <button type="button" className="button quiet" aria-pressed={isForAgent} onClick={() => setForAgent(before => !before)}>For an agent</button>
        </div>
      </Step>
      <Step number={3} title="Send one event">
        <p>From the service, or from this machine to test the path only.</p>
        <div className="copy-line"><span className="cut">{snippet.tryOut(address)}</span><CopyButton what="the command" text={snippet.tryOut(address)} /></div>
      </Step>
    </>
  );
}

function Step({number, title, children}: {readonly number: number; readonly title: string; readonly children: React.ReactNode}): ReactElement {
  return (
    <section className="step">
      <b>{number}</b>
      <div><h2>{title}</h2>{children}</div>
    </section>
  );
}

/** The server knows its address as it was told; the browser knows one that works. */
function addressOf(key: KeyForm): Address {
  return {dsn: key.dsn.public, otlp: key.dsn.otlp_traces.replace(/\/v1\/traces\/?$/, ''), key: key.public};
}
