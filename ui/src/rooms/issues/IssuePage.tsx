// The page of one issue: the event on the left, what is known of all of them on the right.
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useParams} from '@tanstack/react-router';
import {useMemo} from 'react';
import type {ReactElement} from 'react';
import {useKeys} from '../../base/keys.ts';
import {formatAge, formatCount, formatMoment} from '../../base/numbers.ts';
import {oneOf} from '../../base/search_record.ts';
import {textOf, objectOf, thrownOf} from '../../model/stack.ts';
import {Button, CopyButton, Tag} from '../../widgets/Button.tsx';
import {Icon, LevelMark, levelOf} from '../../widgets/Icon.tsx';
import {Link} from '../../widgets/Link.tsx';
import {Failure, Foot, Loading} from '../../widgets/States.tsx';
import {useSearchRecord, useSetSearch} from '../../widgets/use_scope.ts';
import {changeIssues, issueEventQuery, issueQuery} from '../../wire/issues.ts';
import type {IssueChange} from '../../wire/issues.ts';
import type {EventForm, IssueDetails} from '../../wire/schema.ts';
import {useOrganization} from '../../wire/session.ts';
import {Breadcrumbs} from './Breadcrumbs.tsx';
import {EventParts} from './EventParts.tsx';
import {stateOf, titleOf} from './issue_words.ts';
import {Feed, Tags, WhatDiffers} from './SidePanels.tsx';
import {Sparkline} from '../../widgets/Sparkline.tsx';
import {StackTrace} from './StackTrace.tsx';
import './issues.css';

export default function IssuePage(): ReactElement {
  const {issueId} = useParams({strict: false}) as {readonly issueId: string};
  const found = useQuery(issueQuery(useOrganization(), issueId));
  if (found.isError) return <Failure what="The issue could not be read" error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading what="the issue" rows={20} />;
  return <Shown issue={found.data} />;
}

function Shown({issue}: {readonly issue: IssueDetails}): ReactElement {
  const organization = useOrganization();
  const search = useSearchRecord();
  const setSearch = useSetSearch();
  const queries = useQueryClient();
  const eventName = oneOf(search, 'event') || 'latest';
  const found = useQuery(issueEventQuery(organization, issue.id, eventName));
  const event = found.data;
  const change = useMutation({
    mutationFn: (to: IssueChange) => changeIssues(organization, [issue.id], to),
    onSuccess: () => queries.invalidateQueries({queryKey: ['issue', organization.slug]}),
  });
  const {mutate} = change;
  const keys = useMemo(() => {
    const group = 'Issue';
    const go = (id: string | null | undefined) => (): void => {
      if (id !== null && id !== undefined) setSearch({event: id});
    };
    return [
      {keys: ['['], does: 'Event before', group, run: go(event?.previousEventID)},
      {keys: [']'], does: 'Next event', group, run: go(event?.nextEventID)},
      {keys: ['e'], does: 'Resolve or open again', group, run: () => mutate({status: issue.status === 'resolved' ? 'unresolved' : 'resolved'})},
      {keys: ['i'], does: 'Archive until it rises', group, run: () => mutate({status: 'ignored', substatus: 'archived_until_escalating'})},
      {keys: ['a'], does: 'Take (assign to me)', group, run: () => mutate({assignedTo: 'me'})},
    ];
  }, [event?.previousEventID, event?.nextEventID, issue.status, mutate, setSearch]);
  useKeys(keys);
  return (
    <div className="page">
      <Head issue={issue} isBusy={change.isPending} onChange={mutate} />
      {change.isError && <Failure what="The issue was not changed" error={change.error} />}
      <div className="scroll issue-body" tabIndex={0} role="region" aria-label="Issue">
        <div className="issue-event">
          {found.isError && <Failure what="The event could not be read" error={found.error} onRetry={() => void found.refetch()} />}
          {event === undefined && !found.isError && <Loading what="the event" rows={12} />}
          {event && <Event event={event} onGo={id => setSearch({event: id})} />}
        </div>
        <aside className="issue-side" aria-label="About all events">
          <Facts issue={issue} />
          <Tags issue={issue.id} />
          <WhatDiffers issue={issue.id} />
          <Feed issue={issue} />
        </aside>
      </div>
      <Foot keys={[['[ ]', 'events'], ['e', 'resolve'], ['i', 'archive'], ['a', 'take'], ['?', 'all keys']]}>
        <span><b>{formatCount(Number(issue.count))}</b> events kept, seen <b>{formatCount(Number(issue.lifetime.count))}</b> times</span>
      </Foot>
    </div>
  );
}

function Head({issue, isBusy, onChange}: {readonly issue: IssueDetails; readonly isBusy: boolean; readonly onChange: (to: IssueChange) => void}): ReactElement {
  const [strong, rest] = titleOf(issue);
  const [state, tone] = stateOf(issue);
  const isResolved = issue.status === 'resolved';
  return (
    <header className="issue-head">
      <div className="row issue-title">
        <LevelMark level={levelOf(issue.level)} />
        <Link className="mono second" to="/issues">{issue.shortId}</Link>
        <h1 className="wrap"><b>{strong}</b> <span className="issue-value">{rest}</span></h1>
      </div>
      <div className="row issue-actions">
        <Tag tone={tone}>{state}</Tag>
        <Tag>{issue.priority} priority</Tag>
        {issue.isUnhandled && <Tag tone="error">unhandled</Tag>}
        <span className="second cut">{issue.culprit}</span>
        <span className="grow" />
        <Button look={isResolved ? 'plain' : 'primary'} disabled={isBusy} onClick={() => onChange({status: isResolved ? 'unresolved' : 'resolved'})}>{isResolved ? 'Open again' : 'Resolve'}</Button>
        {!isResolved && <Button disabled={isBusy} onClick={() => onChange({status: 'resolvedInNextRelease'})}>In next release</Button>}
        {issue.status === 'ignored' ? <Button disabled={isBusy} onClick={() => onChange({status: 'unresolved'})}>Unarchive</Button> : <Button disabled={isBusy} onClick={() => onChange({status: 'ignored', substatus: 'archived_until_escalating'})}>Archive</Button>}
        <Button disabled={isBusy} isPressed={issue.assignedTo !== null} onClick={() => onChange({assignedTo: issue.assignedTo === null ? 'me' : ''})}>{issue.assignedTo === null ? 'Take' : `${issue.assignedTo.name}`}</Button>
        <Button disabled={isBusy} isPressed={issue.isBookmarked} onClick={() => onChange({isBookmarked: !issue.isBookmarked})}>Bookmark</Button>
      </div>
    </header>
  );
}

function Event({event, onGo}: {readonly event: EventForm; readonly onGo: (id: string) => void}): ReactElement {
  const thrown = thrownOf(event);
  const trace = textOf(objectOf(event.contexts['trace'])['trace_id']);
  const span = textOf(objectOf(event.contexts['trace'])['span_id']);
  return (
    <>
      <div className="bar event-bar">
        <Button look="quiet" aria-label="Oldest event" onClick={() => onGo('oldest')}>Oldest</Button>
        <Button look="quiet" aria-label="Event before" disabled={event.previousEventID === null} onClick={() => event.previousEventID !== null && onGo(event.previousEventID)}><Icon name="left" /></Button>
        <Button look="quiet" aria-label="Next event" disabled={event.nextEventID === null} onClick={() => event.nextEventID !== null && onGo(event.nextEventID)}><Icon name="right" /></Button>
        <Button look="quiet" aria-label="Latest event" onClick={() => onGo('latest')}>Latest</Button>
        <span className="mono small cut" title={event.id}>{event.id.slice(0, 8)}</span>
        <CopyButton what="the event's id" label="" text={event.id} />
        <span className="second small" title={formatMoment(event.dateCreated)}>{formatMoment(event.dateCreated)} UTC, {formatAge(event.dateCreated, Date.now())} ago</span>
        {event.release && <span className="second small cut">release {textOf(event.release['version'])}</span>}
        <span className="grow" />
        {trace !== '' && <Link className="button" to={`/traces/${encodeURIComponent(trace)}`} search={span === '' ? {} : {span}}>Open its trace</Link>}
      </div>
      {event.message !== '' && event.message !== event.title && thrown.length === 0 && <section className="issue-part"><h2>Message</h2><p className="wrap">{event.message}</p></section>}
      {thrown.length > 0 && <StackTrace thrown={thrown} />}
      <Breadcrumbs event={event} />
      <section className="issue-part" aria-label="Tags of this event">
        <h2>Tags of this event</h2>
        <dl className="pairs">{event.tags.map(tag => [<dt key={`${tag.key} name`}>{tag.key}</dt>, <dd key={tag.key}>{tag.value}</dd>])}</dl>
      </section>
      <EventParts event={event} />
    </>
  );
}

function Facts({issue}: {readonly issue: IssueDetails}): ReactElement {
  const series = Object.values(issue.stats)[0] ?? [];
  return (
    <section aria-label="Counts">
      <div className="row"><Sparkline counts={series.map(([, count]) => count ?? 0)} /><span className="quiet small">24 hours</span></div>
      <dl className="pairs">
        <dt>Events</dt><dd>{formatCount(Number(issue.count))}</dd>
        <dt>Users</dt><dd>{formatCount(issue.userCount)}</dd>
        <dt>Last seen</dt><dd title={formatMoment(issue.lastSeen)}>{formatAge(issue.lastSeen, Date.now())} ago{issue.lastRelease ? `, ${issue.lastRelease.version}` : ''}</dd>
        <dt>First seen</dt><dd title={formatMoment(issue.firstSeen)}>{formatAge(issue.firstSeen, Date.now())} ago{issue.firstRelease ? `, ${issue.firstRelease.version}` : ''}</dd>
        {issue.regressedIn !== null && [<dt key="name">Came back in</dt>, <dd key="value">{issue.regressedIn}</dd>]}
        <dt>Project</dt><dd>{issue.project.slug}</dd>
      </dl>
    </section>
  );
}
