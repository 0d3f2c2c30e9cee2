// People: who belongs to the organization, what they may do, and whom to invite.
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';
import {formatCount} from '../../base/numbers.ts';
import {Button, CopyButton, Tag} from '../../widgets/Button.tsx';
import {Failure, Loading} from '../../widgets/States.tsx';
import type {MemberForm} from '../../wire/schema.ts';
import {useOrganization} from '../../wire/session.ts';
import {changeMember, inviteMember, membersQuery, removeMember} from '../../wire/settings.ts';
import {AskedButton} from './AskedButton.tsx';
import {SettingsFrame} from './SettingsFrame.tsx';
import {useChange} from './use_change.ts';

const ROLES = ['reader', 'member', 'manager', 'owner'];

export default function PeoplePage(): ReactElement {
  const found = useQuery(membersQuery(useOrganization()));
  const members = found.data ?? [];
  return (
    <SettingsFrame foot={found.data && <span><b>{formatCount(members.length)}</b> people</span>}>
      <h2>People</h2>
      {found.isError && <Failure what="People could not be read" error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading what="people" rows={4} />}
      {found.data && (
        <table className="settings-table">
          <thead><tr><th scope="col">Who</th><th scope="col">Role</th><th scope="col"><span className="unseen">Remove</span></th></tr></thead>
          <tbody>{members.map(member => <MemberRow key={member.id} member={member} />)}</tbody>
        </table>
      )}
      <Invite />
    </SettingsFrame>
  );
}

function MemberRow({member}: {readonly member: MemberForm}): ReactElement {
  const organization = useOrganization();
  const changed = useChange((role: string) => changeMember(organization, member.id, role));
  const removed = useChange(() => removeMember(organization, member.id));
  const failure = changed.error ?? removed.error;
  return (
    <tr>
      <td><b>{member.name || member.email}</b> <span className="second small">{member.email}</span> {member.pending && <Tag>invited</Tag>}{failure && <p role="alert" className="small wrong">{failure.message}</p>}</td>
      <td><RoleSelect label={`Role of ${member.email}`} value={member.orgRole} isDisabled={changed.isPending} onChange={role => changed.mutate(role)} /></td>
      <td className="right"><AskedButton label="Remove" name={`Remove ${member.email}`} warning="They are let in no more, and their tokens end." isBusy={removed.isPending} onYes={() => removed.mutate(undefined)} /></td>
    </tr>
  );
}

function RoleSelect({label, value, isDisabled, onChange}: {readonly label: string; readonly value: string; readonly isDisabled?: boolean; readonly onChange: (role: string) => void}): ReactElement {
  return <select className="field" aria-label={label} value={value} disabled={isDisabled} onChange={event => onChange(event.target.value)}>{ROLES.map(role => <option key={role} value={role}>{role}</option>)}</select>;
}

function Invite(): ReactElement {
  const organization = useOrganization();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState('member');
  const invited = useChange(() => inviteMember(organization, email.trim(), role), () => setEmail(''));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (email.trim() !== '') invited.mutate(undefined);
  };
  return (
    <form className="settings-form" onSubmit={submit}>
      <h3>Invite somebody</h3>
      <label>E-mail address <input className="field" type="email" value={email} onChange={event => setEmail(event.target.value)} /></label>
      <RoleSelect label="Role" value={role} onChange={setRole} />
      <Button look="primary" type="submit" disabled={invited.isPending || email.trim() === ''}>Invite</Button>
      {invited.isError && <p role="alert" className="small wrong">{invited.error.message}</p>}
      {invited.data && (
        <div role="status" className="once">
          <p className="small">Give {invited.data.email} this link; it signs them in once, within a week.</p>
          <div className="copy-line"><span className="cut">{invited.data.inviteLink}</span><CopyButton what="the link" text={invited.data.inviteLink} /></div>
        </div>
      )}
    </form>
  );
}
