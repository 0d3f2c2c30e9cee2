// API tokens of one's own: made, shown once, revoked.
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';
import {formatAge, formatCount, formatMoment} from '../../base/numbers.ts';
import {Button, CopyButton} from '../../widgets/Button.tsx';
import {Failure, Loading} from '../../widgets/States.tsx';
import {useOrganization} from '../../wire/session.ts';
import {makeToken, revokeToken, tokensQuery} from '../../wire/settings.ts';
import {AskedButton} from './AskedButton.tsx';
import {SettingsFrame} from './SettingsFrame.tsx';
import {useChange} from './use_change.ts';

export default function TokensPage(): ReactElement {
  const found = useQuery(tokensQuery);
  const revoked = useChange(revokeToken);
  const tokens = found.data ?? [];
  return (
    <SettingsFrame foot={found.data && <span><b>{formatCount(tokens.length)}</b> tokens of yours</span>}>
      <h2>API tokens</h2>
      <p className="second">For scripts, sentry-cli and bundler plugins. A token never opens more than your role does.</p>
      {found.isError && <Failure what="Tokens could not be read" error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading what="tokens" rows={4} />}
      {found.data && tokens.length > 0 && (
        <table className="settings-table">
          <thead><tr><th scope="col">Name</th><th scope="col" className="narrow-off">Scopes</th><th scope="col">Used</th><th scope="col"><span className="unseen">Revoke</span></th></tr></thead>
          <tbody>
            {tokens.map(token => (
              <tr key={token.id}>
                <td title={formatMoment(token.dateCreated)}><b>{token.name || '(no name)'}</b></td>
                <td className="mono narrow-off scopes">{token.scopes.join(' ')}</td>
                <td className="second">{token.dateLastUsed === null ? 'never' : `${formatAge(token.dateLastUsed, Date.now())} ago`}</td>
                <td className="right"><AskedButton label="Revoke" name={`Revoke the token ${token.name}`} warning="Scripts that use it will be refused." isBusy={revoked.isPending} onYes={() => revoked.mutate(token.id)} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {revoked.isError && <p role="alert" className="small wrong">{revoked.error.message}</p>}
      <NewToken />
    </SettingsFrame>
  );
}

function NewToken(): ReactElement {
  const {access} = useOrganization();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly string[]>(access.filter(scope => scope.endsWith(':read')));
  const made = useChange(() => makeToken(name.trim(), scopes), () => setName(''));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    made.mutate(undefined);
  };
  return (
    <form className="settings-form" onSubmit={submit}>
      <h3>New token</h3>
      <label>Name <input className="field" value={name} onChange={event => setName(event.target.value)} /></label>
      <fieldset>
        <legend>Scopes</legend>
        {access.map(scope => (
          <label key={scope} className="row mono"><input type="checkbox" checked={scopes.includes(scope)} onChange={event => setScopes(event.target.checked ? [...scopes, scope] : scopes.filter(each => each !== scope))} />{scope}</label>
        ))}
      </fieldset>
      <Button look="primary" type="submit" disabled={made.isPending || name.trim() === '' || scopes.length === 0}>Make the token</Button>
      {made.isError && <p role="alert" className="small wrong">{made.error.message}</p>}
      {made.data && (
        <div role="status" className="once">
          <p className="small">Copy it now: it is not shown again.</p>
          <div className="copy-line"><span className="cut">{made.data.token}</span><CopyButton what="the token" text={made.data.token} /></div>
        </div>
      )}
    </form>
  );
}
