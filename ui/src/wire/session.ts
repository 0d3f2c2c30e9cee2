// Who is signed in, and which organization and projects they see.
import {queryOptions, useSuspenseQuery} from '@tanstack/react-query';
import {get, send} from './client.ts';
import type {KeyForm, OrganizationDetails, OrganizationForm, ProjectForm, UserForm, Who} from './schema.ts';

export type Session = {readonly who: Who; readonly organization: OrganizationDetails | null};

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({signal}): Promise<Session> => {
    const who = await whoIsThere(signal);
    if (who.user === null) return {who, organization: null};
    const [first] = await get<readonly OrganizationForm[]>('/api/0/organizations/', {}, signal);
    if (!first) return {who, organization: null};
    return {who, organization: await get<OrganizationDetails>(`/api/0/organizations/${first.slug}/`, {}, signal)};
  },
  staleTime: 60_000,
});

/** Within the shell, which is shown only to somebody who is signed in. */
export function useOrganization(): OrganizationDetails {
  const {data} = useSuspenseQuery(sessionQuery);
  if (data.organization === null) throw new Error('There is no organization to look at.');
  return data.organization;
}

export function useUser(): UserForm | null {
  return useSuspenseQuery(sessionQuery).data.who.user;
}

/** The path of something of an organization, such as "issues/". */
export function ofOrganization(organization: {readonly slug: string}, rest: string): string {
  return `/api/0/organizations/${encodeURIComponent(organization.slug)}/${rest}`;
}

export function ofProject(organization: {readonly slug: string}, project: string, rest = ''): string {
  return `/api/0/projects/${encodeURIComponent(organization.slug)}/${encodeURIComponent(project)}/${rest}`;
}

export async function signIn(email: string, password: string): Promise<void> {
  await send<UserForm>('POST', '/auth/login', {email, password});
}

export async function signOut(): Promise<void> {
  await send<null>('POST', '/auth/logout');
}

export const keysQuery = (organization: {readonly slug: string}, project: string) =>
  queryOptions({
    queryKey: ['keys', organization.slug, project],
    queryFn: ({signal}) => get<readonly KeyForm[]>(ofProject(organization, project, 'keys/'), {}, signal),
  });

export async function createProject(organization: {readonly slug: string}, name: string): Promise<ProjectForm> {
  return send<ProjectForm>('POST', ofOrganization(organization, 'projects/'), {name});
}

async function whoIsThere(signal: AbortSignal): Promise<Who> {
  try {
    return await get<Who>('/api/0/', {}, signal);
  } catch (error) {
    // An ended session is no failure of the page: it asks for a new one.
    if (error instanceof Error && 'status' in error && error.status === 401) return {version: '0', user: null, auth: null};
    throw error;
  }
}
