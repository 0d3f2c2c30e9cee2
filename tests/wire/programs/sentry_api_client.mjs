// Walks through projects, keys, teams, members, releases, sessions and issues with the client
// that is generated from Sentry's published API description; prints what it was told, as JSON.
// Run as `node sentry_api_client.mjs PATH_OF_CLIENT URL TOKEN PROJECT`.
import {pathToFileURL} from 'node:url';

const [client, baseUrl, token, project] = process.argv.slice(2);
const api = await import(pathToFileURL(client).href);
const organization = {organization_id_or_slug: 'default'};
const ours = {...organization, project_id_or_slug: project};

async function ask(name, path, more = {}) {
  const headers = {Authorization: `Bearer ${token}`};
  const {data, error, response} = await api[name]({baseUrl, headers, path, ...more});
  if (!response.ok) throw new Error(`${name}: ${response.status} ${JSON.stringify(error)}`);
  return data;
}

const told = {};
const team = `${project}-team`;
const version = `${project}@4.5.6`;
told.organization = (await ask('retrieveAnOrganization', organization)).slug;
told.team = (await ask('createANewTeam', organization, {body: {slug: team, name: team}})).slug;
told.born = (
  await ask('createANewProject', {...organization, team_id_or_slug: team}, {
    body: {name: `${project}-born`, platform: 'python'},
  })
).slug;
await ask('addATeamToAProject', {...ours, team_id_or_slug: team});
told.teamProjects = (
  await ask('listATeam_sProjects', {...organization, team_id_or_slug: team})
).map((each) => each.slug);
told.renamed = (await ask('updateAProject', ours, {body: {name: 'Renamed'}})).name;
const key = await ask('createANewClientKey', ours, {
  body: {name: 'mobile', rateLimit: {window: 3600, count: 10}},
});
told.limit = key.rateLimit;
told.keyOff = (
  await ask('updateAClientKey', {...ours, key_id: key.id}, {body: {isActive: false}})
).isActive;
await ask('deleteAClientKey', {...ours, key_id: key.id});
told.keys = (await ask('listAProject_sClientKeys', ours)).length;
const member = await ask('addAMemberToAnOrganization', organization, {
  body: {email: `${project}@shop.example`, orgRole: 'member'},
});
told.role = (
  await ask('updateAnOrganizationMember_sRoles', {...organization, member_id: member.id}, {
    body: {orgRole: 'manager'},
  })
).orgRole;
await ask('deleteAnOrganizationMember', {...organization, member_id: member.id});
told.release = (
  await ask('createANewReleaseForAnOrganization', organization, {
    body: {version, projects: [project], commits: [{id: 'abc', repository: 'shop'}]},
  })
).version;
const release = {...organization, version};
await ask('createADeploy', release, {body: {environment: 'staging'}});
told.deploys = (await ask('listARelease_sDeploys', release)).map((each) => each.environment);
told.commits = (await ask('listAnOrganizationRelease_sCommits', release)).map((each) => each.id);
told.ref = (await ask('updateAnOrganization_sRelease', release, {body: {ref: 'main'}})).ref;
told.releases = (
  await ask('listAnOrganization_sReleases', organization, {query: {query: version}})
).map((each) => each.version);
told.environments = (await ask('listAProject_sEnvironments', ours)).map((each) => each.name);
told.sessions = (
  await ask('retrieveReleaseHealthSessionStatistics', organization, {
    query: {field: ['sum(session)'], project: [-1], statsPeriod: '1d'},
  })
).groups.length;
const [issue] = await ask('listAProject_sIssues', ours);
told.issue = issue.title;
told.status = (
  await ask('updateAnIssue', {...organization, issue_id: issue.id}, {body: {status: 'resolved'}})
).status;
await ask('deleteAnOrganization_sRelease', release);
await ask('deleteATeam', {...organization, team_id_or_slug: team});
await ask('deleteAProject', {...ours, project_id_or_slug: told.born});
console.log(JSON.stringify(told));
