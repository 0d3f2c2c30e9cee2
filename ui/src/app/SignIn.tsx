// Sign in by password; a one-time link signs in by itself.
import {useMutation, useQueryClient} from '@tanstack/react-query';
import type {FormEvent, ReactElement} from 'react';
import {Button} from '../widgets/Button.tsx';
import {Brand} from '../widgets/Icon.tsx';
import {sessionQuery, signIn} from '../wire/session.ts';

export function SignIn(): ReactElement {
  const queries = useQueryClient();
  const tried = useMutation({
    mutationFn: (given: FormData) => signIn(String(given.get('email')), String(given.get('password'))),
    onSuccess: () => queries.invalidateQueries(sessionQuery),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    tried.mutate(new FormData(event.currentTarget));
  };
  return (
    <main className="sign-in">
      <div className="brand"><Brand /><span>Vedette</span></div>
      <form onSubmit={submit}>
        <h1>Sign in</h1>
        <label>E-mail address<input className="field" name="email" type="email" autoComplete="username" required autoFocus /></label>
        <label>Password<input className="field" name="password" type="password" autoComplete="current-password" required /></label>
        {tried.isError && <p className="wrong" role="alert">{tried.error.message}</p>}
        <Button look="primary" type="submit" disabled={tried.isPending}>{tried.isPending ? 'Signing in…' : 'Sign in'}</Button>
        <p className="small second">
          No password yet? Open the link that the server printed when it first started, or make a new one on the server:{' '}
          <code className="mono">vedette user password EMAIL</code>
        </p>
      </form>
    </main>
  );
}
