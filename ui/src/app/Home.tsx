// The start page: the first room that has something to show, or how to send the first event.
import {useQuery} from '@tanstack/react-query';
import {Navigate} from '@tanstack/react-router';
import type {ReactElement} from 'react';
import {Failure, Loading} from '../widgets/States.tsx';
import {hasDataQuery} from '../wire/first_data.ts';
import {useOrganization} from '../wire/session.ts';
import {ROOMS} from './rooms.ts';

export function Home(): ReactElement {
  const organization = useOrganization();
  const found = useQuery(hasDataQuery(organization));
  if (found.isError) return <Failure what="Vedette could not look for data" error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading what="the start page" />;
  const first = ROOMS.find(room => room.start !== null && room.name !== 'start')?.start;
  return <Navigate to={found.data && first ? first : '/start'} replace />;
}
