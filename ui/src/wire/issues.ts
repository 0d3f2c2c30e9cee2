// Issues: lists, one, its events, its tags, and what people do with them.
import {keepPreviousData, queryOptions} from '@tanstack/react-query';
import {writeScope} from '../base/scope.ts';
import type {Scope} from '../base/scope.ts';
import {get, getWithHeaders, nextCursor, send} from './client.ts';
import {ofOrganization} from './session.ts';
import type {ActivityForm, Differences, EventForm, IssueDetails, IssueForm, IssueTag, Json} from './schema.ts';

type Organization = {readonly slug: string};

export type IssueList = {readonly issues: readonly IssueForm[]; readonly next: string | null; readonly total: number};

export type IssueListQuestion = {readonly query: string; readonly sort: string; readonly cursor: string};

export const issuesQuery = (organization: Organization, scope: Scope, question: IssueListQuestion) =>
  queryOptions({
    queryKey: ['issues', organization.slug, writeScope(scope), question],
    queryFn: async ({signal}): Promise<IssueList> => {
      const {value, headers} = await getWithHeaders<readonly IssueForm[]>(
        ofOrganization(organization, 'issues/'),
        // Said even when it is empty: without a search the server looks at the unresolved ones.
        {...writeScope(scope), query: question.query === '' ? ' ' : question.query, sort: question.sort, cursor: question.cursor, groupStatsPeriod: 'auto', limit: 100},
        signal,
      );
      return {issues: value, next: nextCursor(headers), total: Number(headers.get('x-hits') ?? value.length)};
    },
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

export const issueCountsQuery = (organization: Organization, scope: Scope, searches: readonly string[]) =>
  queryOptions({
    queryKey: ['issues', organization.slug, writeScope(scope), 'counts', searches],
    queryFn: ({signal}) => get<Readonly<Record<string, number>>>(ofOrganization(organization, 'issues-count/'), {...writeScope(scope), query: searches}, signal),
    refetchInterval: 30_000,
  });

export const issueQuery = (organization: Organization, issue: string) =>
  queryOptions({
    queryKey: ['issue', organization.slug, issue],
    queryFn: ({signal}) => get<IssueDetails>(ofIssue(organization, issue), {}, signal),
  });

/** `event` is an id, or `latest`, `oldest`, `recommended`. */
export const issueEventQuery = (organization: Organization, issue: string, event: string) =>
  queryOptions({
    queryKey: ['issue-event', organization.slug, issue, event],
    queryFn: ({signal}) => get<EventForm>(ofIssue(organization, issue, `events/${encodeURIComponent(event)}/`), {}, signal),
    placeholderData: keepPreviousData,
  });

export const issueTagsQuery = (organization: Organization, issue: string) =>
  queryOptions({
    queryKey: ['issue-tags', organization.slug, issue],
    queryFn: ({signal}) => get<readonly IssueTag[]>(ofIssue(organization, issue, 'tags/'), {}, signal),
  });

export const issueDifferencesQuery = (organization: Organization, issue: string) =>
  queryOptions({
    queryKey: ['issue-differs', organization.slug, issue],
    queryFn: ({signal}) => get<Differences>(`/api/v1/organizations/${encodeURIComponent(organization.slug)}/issues/${encodeURIComponent(issue)}/differs`, {}, signal),
  });

export type IssueChange = Readonly<Record<string, Json>>;

export async function changeIssues(organization: Organization, ids: readonly string[], change: IssueChange): Promise<void> {
  await send<Json>('PUT', ofOrganization(organization, 'issues/'), change, {id: ids});
}

export async function addComment(organization: Organization, issue: string, text: string): Promise<ActivityForm> {
  return send<ActivityForm>('POST', ofIssue(organization, issue, 'comments/'), {text});
}

function ofIssue(organization: Organization, issue: string, rest = ''): string {
  return ofOrganization(organization, `issues/${encodeURIComponent(issue)}/${rest}`);
}
