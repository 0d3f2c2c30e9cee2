// One project: its name, its keys, its filters and rules, and its end.
import {useQuery} from '@tanstack/react-query';
import {useNavigate, useParams} from '@tanstack/react-router';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';
import {Button} from '../../widgets/Button.tsx';
import {Link} from '../../widgets/Link.tsx';
import {Failure, Loading} from '../../widgets/States.tsx';
import type {ProjectDetails} from '../../wire/schema.ts';
import {useOrganization} from '../../wire/session.ts';
import {changeProject, deleteProject, filtersQuery, projectQuery, switchFilter} from '../../wire/settings.ts';
import {AskedButton} from './AskedButton.tsx';
import {ProjectKeys} from './ProjectKeys.tsx';
import {ProjectRules} from './ProjectRules.tsx';
import {SettingsFrame} from './SettingsFrame.tsx';
import {useChange} from './use_change.ts';

export default function ProjectPage(): ReactElement {
  const {project: slug} = useParams({strict: false}) as {readonly project: string};
  const found = useQuery(projectQuery(useOrganization(), slug));
  return (
    <SettingsFrame foot={<span>Changes hold from the next event on</span>}>
      {found.isError && <Failure what="The project could not be read" error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading what="the project" rows={8} />}
      {found.data && !found.isError && (
        <>
          <h2 className="row"><Link to="/settings">Projects</Link> <span className="quiet">/</span> {found.data.name}</h2>
          <Names key={`${found.data.slug} ${found.data.name}`} project={found.data} />
          <ProjectKeys project={found.data.slug} />
          <Filters project={found.data.slug} />
          <ProjectRules key={found.data.id} project={found.data} />
          <End project={found.data} />
        </>
      )}
    </SettingsFrame>
  );
}

function Names({project}: {readonly project: ProjectDetails}): ReactElement {
  const organization = useOrganization();
  const navigate = useNavigate();
  const [name, setName] = useState(project.name);
  const [slug, setSlug] = useState(project.slug);
  const [platform, setPlatform] = useState(project.platform ?? '');
  const changed = useChange(
    () => changeProject(organization, project.slug, {name: name.trim(), slug: slug.trim(), platform: platform.trim() === '' ? null : platform.trim()}),
    done => {
      if (done.slug !== project.slug) void navigate({to: `/settings/projects/${encodeURIComponent(done.slug)}`, replace: true});
    },
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    changed.mutate(undefined);
  };
  return (
    <form className="settings-form" onSubmit={submit}>
      <label>Name <input className="field" value={name} onChange={event => setName(event.target.value)} /></label>
      <label>Slug, in addresses <input className="field mono" value={slug} onChange={event => setSlug(event.target.value)} /></label>
      <label>Platform <input className="field" value={platform} onChange={event => setPlatform(event.target.value)} /></label>
      <Button type="submit" disabled={changed.isPending || name.trim() === '' || slug.trim() === ''}>Save</Button>
      <span role="status" className="small">{changed.isSuccess ? 'Saved' : ''}</span>
      {changed.isError && <p role="alert" className="small wrong">{changed.error.message}</p>}
    </form>
  );
}

function Filters({project}: {readonly project: string}): ReactElement {
  const organization = useOrganization();
  const found = useQuery(filtersQuery(organization, project));
  const switched = useChange(({id, isActive}: {readonly id: string; readonly isActive: boolean}) => switchFilter(organization, project, id, isActive));
  return (
    <section aria-label="Filters">
      <h3>Filters: what is not kept</h3>
      {found.isError && <p role="alert" className="small wrong">{found.error.message}</p>}
      {switched.isError && <p role="alert" className="small wrong">{switched.error.message}</p>}
      <ul className="settings-switches">
        {(found.data ?? []).map(filter => {
          const isActive = filter.active === true || (Array.isArray(filter.active) && filter.active.length > 0);
          return (
            <li key={filter.id}>
              <label className="row">
                <input type="checkbox" checked={isActive} disabled={switched.isPending} onChange={event => switched.mutate({id: filter.id, isActive: event.target.checked})} />
                <span>{filter.description}</span>
                <span className="quiet small mono narrow-off">{filter.id}</span>
              </label>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function End({project}: {readonly project: ProjectDetails}): ReactElement {
  const organization = useOrganization();
  const navigate = useNavigate();
  const deleted = useChange(() => deleteProject(organization, project.slug), () => void navigate({to: '/settings'}));
  return (
    <section aria-label="Delete">
      <h3>Delete the project</h3>
      <p className="second small">Its keys and issues go with it. What is sent to its keys afterwards is refused.</p>
      <AskedButton label="Delete" name={`Delete the project ${project.name}`} warning={`${project.name}, its keys and its issues cannot be brought back.`} isBusy={deleted.isPending} onYes={() => deleted.mutate(undefined)} />
      {deleted.isError && <p role="alert" className="small wrong">{deleted.error.message}</p>}
    </section>
  );
}
