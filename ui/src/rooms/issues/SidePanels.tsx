// Beside the event: tags with their shares, what differs, and what people did.
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';
import {formatAge, formatCount, formatMoment, formatShare} from '../../base/numbers.ts';
import {objectOf, textOf} from '../../model/stack.ts';
import {Button} from '../../widgets/Button.tsx';
import {Link} from '../../widgets/Link.tsx';
import {addComment, issueDifferencesQuery, issueTagsQuery} from '../../wire/issues.ts';
import type {ActivityForm, IssueDetails} from '../../wire/schema.ts';
import {useOrganization} from '../../wire/session.ts';

const VALUES_SHOWN = 4;
const DIFFERENCES_SHOWN = 6;

export function Tags({issue}: {readonly issue: string}): ReactElement {
  const found = useQuery(issueTagsQuery(useOrganization(), issue));
  const tags = found.data ?? [];
  return (
    <section aria-label="Tags">
      <h2>Tags</h2>
      {found.isError && <p className="second small">{found.error.message}</p>}
      {found.data && tags.length === 0 && <p className="second small">No event of this issue is tagged.</p>}
      {tags.map(tag => (
        <div className="tag-spread" key={tag.key}>
          <h3 className="cut" title={tag.key}>{tag.key}</h3>
          {tag.topValues.slice(0, VALUES_SHOWN).map(each => (
            <Link key={each.value} className="spread-row" to="/issues" search={{query: `${tag.key}:${quoted(each.value)}`}} title={`${formatCount(each.count)} events`}>
              <span className="cut">{each.value || '(empty)'}</span>
              <span className="bar-cell"><i style={{width: `${(each.count / Math.max(1, tag.totalValues)) * 100}%`}} /></span>
              <span className="right">{formatShare(each.count, tag.totalValues)}</span>
            </Link>
          ))}
          {tag.uniqueValues > VALUES_SHOWN && <p className="quiet small">{VALUES_SHOWN} of {formatCount(tag.uniqueValues)} values shown</p>}
        </div>
      ))}
    </section>
  );
}

export function WhatDiffers({issue}: {readonly issue: string}): ReactElement | null {
  const found = useQuery(issueDifferencesQuery(useOrganization(), issue));
  const attributes = found.data?.attributes ?? [];
  if (attributes.length === 0) return null;
  return (
    <section aria-label="What differs">
      <h2>What differs</h2>
      <p className="quiet small">Share of this issue’s events, and of the project’s other errors.</p>
      {attributes.slice(0, DIFFERENCES_SHOWN).map(attribute => {
        const [first] = attribute.values;
        if (!first) return null;
        const value = objectOf(first as never);
        const own = Number(value['selectedShare'] ?? 0);
        const rest = Number(value['restShare'] ?? 0);
        return (
          <div className="differs-row" key={attribute.key}>
            <span className="cut" title={`${attribute.key} ${textOf(value['value'])}`}><b>{attribute.key}</b> {textOf(value['value'])}</span>
            <span className="differs-bars"><i className="own" style={{width: `${own * 100}%`}} /><i style={{width: `${rest * 100}%`}} /></span>
            <span className="right small">{formatShare(own, 1)} / {formatShare(rest, 1)}</span>
          </div>
        );
      })}
    </section>
  );
}

export function Feed({issue}: {readonly issue: IssueDetails}): ReactElement {
  const organization = useOrganization();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const written = useMutation({
    mutationFn: () => addComment(organization, issue.id, text.trim()),
    onSuccess: async () => {
      setText('');
      await queries.invalidateQueries({queryKey: ['issue', organization.slug]});
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') written.mutate();
  };
  return (
    <section aria-label="Activity">
      <h2>Activity</h2>
      <form onSubmit={submit}>
        <textarea className="field comment-box" aria-label="Comment" placeholder="Write a comment" value={text} onChange={event => setText(event.target.value)} />
        <Button type="submit" disabled={written.isPending || text.trim() === ''}>Comment</Button>
        {written.isError && <p className="small" role="alert">{written.error.message}</p>}
      </form>
      <ul className="feed">
        {issue.activity.map(entry => (
          <li key={entry.id}>
            <span className="second">{entry.user?.name ?? 'Vedette'}</span> {sentenceOf(entry)} <span className="quiet" title={formatMoment(entry.dateCreated)}>{formatAge(entry.dateCreated, Date.now())}</span>
            {entry.type === 'note' && <p className="wrap comment">{textOf(entry.data['text'])}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const SENTENCES: Readonly<Record<string, string>> = {
  first_seen: 'saw this issue for the first time',
  note: 'wrote',
  set_resolved: 'resolved it',
  set_resolved_by_age: 'resolved it: nothing was seen for long',
  set_unresolved: 'opened it again',
  set_ignored: 'archived it',
  set_escalating: 'saw it rise',
  auto_set_ongoing: 'counts it as ongoing now',
  unassigned: 'gave it to nobody',
  merge: 'merged others into it',
  unmerge_source: 'took a part out of it',
  unmerge_destination: 'took it out of another issue',
  mark_reviewed: 'reviewed it',
};

function sentenceOf(entry: ActivityForm): string {
  const {data} = entry;
  switch (entry.type) {
    case 'set_regression':
      return textOf(data['version']) === '' ? 'saw it come back' : `saw it come back in ${textOf(data['version'])}`;
    case 'set_resolved_in_release':
      return textOf(data['version']) === '' ? 'resolved it in the next release' : `resolved it in ${textOf(data['version'])}`;
    case 'set_resolved_in_commit':
      return `resolved it in commit ${textOf(data['commit']).slice(0, 12)}`;
    case 'set_priority':
      return `set the priority to ${textOf(data['priority'])}`;
    case 'assigned':
      return 'assigned it';
    default:
      return SENTENCES[entry.type] ?? entry.type.replaceAll('_', ' ');
  }
}

function quoted(value: string): string {
  return /[\s"()*,[\]\\]/.test(value) || value === '' ? `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('*', '\\*')}"` : value;
}
