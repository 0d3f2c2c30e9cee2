// What a page that broke shows in its place, so that the shell stays usable.
import {useQueryErrorResetBoundary} from '@tanstack/react-query';
import {useRouter} from '@tanstack/react-router';
import type {ErrorComponentProps} from '@tanstack/react-router';
import type {ReactElement} from 'react';
import {Failure} from '../widgets/States.tsx';

export function PageFailure({error, reset}: ErrorComponentProps): ReactElement {
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  const retry = (): void => {
    queries.reset();
    reset();
    void router.invalidate();
  };
  return <Failure what="This page could not be shown" error={error} onRetry={retry} />;
}
