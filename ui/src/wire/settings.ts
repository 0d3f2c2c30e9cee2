// What can be set: projects and their keys and rules, people, tokens; and how the server is.
import {queryOptions} from '@tanstack/react-query';
import {writeScope} from '../base/scope.ts';
import type {Scope} from '../base/scope.ts';
import {get, send} from './client.ts';
import {ofOrganization, ofProject} from './session.ts';
import type {FilterForm, InvitedForm, Json, KeptAside, KeyForm, MemberForm, NewTokenForm, Outcomes, PreviewForm, ProjectDetails, ProjectForm, RateLimitForm, RestoredForm, TokenForm} from './schema.ts';

type Organization = {readonly slug: string};
const PER_PAGE = 100;

export const projectsQuery = (organization: Organization) =>
  queryOptions({queryKey: ['settings', 'projects', organization.slug], queryFn: ({signal}) => get<readonly ProjectForm[]>(ofOrganization(organization, 'projects/'), {per_page: PER_PAGE}, signal)});

export const projectQuery = (organization: Organization, project: string) =>
  queryOptions({queryKey: ['settings', 'project', organization.slug, project], queryFn: ({signal}) => get<ProjectDetails>(ofProject(organization, project), {}, signal)});

export const filtersQuery = (organization: Organization, project: string) =>
  queryOptions({queryKey: ['settings', 'filters', organization.slug, project], queryFn: ({signal}) => get<readonly FilterForm[]>(ofProject(organization, project, 'filters/'), {}, signal)});

export const membersQuery = (organization: Organization) =>
  queryOptions({queryKey: ['settings', 'members', organization.slug], queryFn: ({signal}) => get<readonly MemberForm[]>(ofOrganization(organization, 'members/'), {per_page: PER_PAGE}, signal)});

export const tokensQuery = queryOptions({queryKey: ['settings', 'tokens'], queryFn: ({signal}) => get<readonly TokenForm[]>('/api/0/api-tokens/', {per_page: PER_PAGE}, signal)});

export const outcomesQuery = (organization: Organization, scope: Scope) =>
  queryOptions({
    queryKey: ['settings', 'outcomes', organization.slug, writeScope({...scope, environment: ''})],
    queryFn: ({signal}) => get<Outcomes>(ofOrganization(organization, 'stats_v2/'), {...writeScope({...scope, environment: ''}), field: 'sum(quantity)', groupBy: ['outcome', 'category', 'reason']}, signal),
  });

export const statusQuery = queryOptions({queryKey: ['settings', 'status'], queryFn: ({signal}) => get<Readonly<Record<string, Json>>>('/api/v1/status', {}, signal), refetchInterval: 10_000});

export const quarantineQuery = queryOptions({queryKey: ['settings', 'quarantine'], queryFn: ({signal}) => get<readonly KeptAside[]>('/api/v1/quarantine', {}, signal)});

export const restoreQuarantine = (): Promise<RestoredForm> => send<RestoredForm>('POST', '/api/v1/quarantine/restore');

export type ProjectChange = Readonly<Record<string, Json>>;

export const makeProject = (organization: Organization, project: {readonly name: string; readonly platform: string | null}): Promise<ProjectForm> => send<ProjectForm>('POST', ofOrganization(organization, 'projects/'), project);
export const changeProject = (organization: Organization, project: string, change: ProjectChange): Promise<ProjectDetails> => send<ProjectDetails>('PUT', ofProject(organization, project), change);
export const deleteProject = (organization: Organization, project: string): Promise<null> => send<null>('DELETE', ofProject(organization, project));
export const tryRules = (organization: Organization, project: string, tried: ProjectChange): Promise<PreviewForm> =>
  send<PreviewForm>('POST', `/api/v1/projects/${encodeURIComponent(organization.slug)}/${encodeURIComponent(project)}/rules/preview`, tried);
export const switchFilter = (organization: Organization, project: string, filter: string, isActive: boolean): Promise<FilterForm> =>
  send<FilterForm>('PUT', ofProject(organization, project, `filters/${encodeURIComponent(filter)}/`), {active: isActive});

export type KeyChange = {readonly name?: string; readonly isActive?: boolean; readonly rateLimit?: RateLimitForm | null};

export const makeKey = (organization: Organization, project: string, name: string): Promise<KeyForm> => send<KeyForm>('POST', ofProject(organization, project, 'keys/'), {name});
export const changeKey = (organization: Organization, project: string, key: string, change: KeyChange): Promise<KeyForm> => send<KeyForm>('PUT', ofProject(organization, project, `keys/${encodeURIComponent(key)}/`), change);
export const deleteKey = (organization: Organization, project: string, key: string): Promise<null> => send<null>('DELETE', ofProject(organization, project, `keys/${encodeURIComponent(key)}/`));

export const inviteMember = (organization: Organization, email: string, orgRole: string): Promise<InvitedForm> => send<InvitedForm>('POST', ofOrganization(organization, 'members/'), {email, orgRole});
export const changeMember = (organization: Organization, member: string, orgRole: string): Promise<MemberForm> => send<MemberForm>('PUT', ofOrganization(organization, `members/${encodeURIComponent(member)}/`), {orgRole});
export const removeMember = (organization: Organization, member: string): Promise<null> => send<null>('DELETE', ofOrganization(organization, `members/${encodeURIComponent(member)}/`));

export const makeToken = (name: string, scopes: readonly string[]): Promise<NewTokenForm> => send<NewTokenForm>('POST', '/api/0/api-tokens/', {name, scopes});
export const revokeToken = (token: string): Promise<null> => send<null>('DELETE', '/api/0/api-tokens/', {tokenId: token});
