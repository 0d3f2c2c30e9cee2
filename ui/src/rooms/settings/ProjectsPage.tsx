// All projects, and a new one.
import {useQuery} from '@tanstack/react-query';
import {useNavigate} from '@tanstack/react-router';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';
import {formatCount, formatMoment} from '../../base/numbers.ts';
import {Button} from '../../widgets/Button.tsx';
import {Link} from '../../widgets/Link.tsx';
import {Failure, Loading} from '../../widgets/States.tsx';
import {useOrganization} from '../../wire/session.ts';
import {makeProject, projectsQuery} from '../../wire/settings.ts';
import {SettingsFrame} from './SettingsFrame.tsx';
import {useChange} from './use_change.ts';

export default function ProjectsPage(): ReactElement {
  const organization = useOrganization();
  const found = useQuery(projectsQuery(organization));
  const projects = found.data ?? [];
  return (
    <SettingsFrame foot={found.data && <span><b>{formatCount(projects.length)}</b> projects</span>}>
      <h2>Projects</h2>
      {found.isError && <Failure what="Projects could not be read" error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading what="projects" rows={4} />}
      {found.data && (
        <table className="settings-table">
          <thead><tr><th scope="col">Name</th><th scope="col">Slug</th><th scope="col" className="narrow-off">Platform</th><th scope="col" className="narrow-off">Made</th></tr></thead>
          <tbody>
            {projects.map(project => (
              <tr key={project.id}>
                <td><Link to={`/settings/projects/${encodeURIComponent(project.slug)}`}><b>{project.name}</b></Link></td>
                <td className="mono">{project.slug}</td>
                <td className="narrow-off">{project.platform ?? '–'}</td>
                <td className="second narrow-off">{formatMoment(project.dateCreated)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <NewProject />
    </SettingsFrame>
  );
}

function NewProject(): ReactElement {
  const organization = useOrganization();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [platform, setPlatform] = useState('');
  const made = useChange(
    () => makeProject(organization, {name: name.trim(), platform: platform.trim() === '' ? null : platform.trim()}),
    project => void navigate({to: `/settings/projects/${encodeURIComponent(project.slug)}`}),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() !== '') made.mutate(undefined);
  };
  return (
    <form className="settings-form" onSubmit={submit}>
      <h3>New project</h3>
      <label>Name <input className="field" value={name} onChange={event => setName(event.target.value)} /></label>
      <label>Platform <input className="field" placeholder="python, javascript, …" value={platform} onChange={event => setPlatform(event.target.value)} /></label>
      <Button look="primary" type="submit" disabled={made.isPending || name.trim() === ''}>Make the project</Button>
      {made.isError && <p role="alert" className="small wrong">{made.error.message}</p>}
    </form>
  );
}
