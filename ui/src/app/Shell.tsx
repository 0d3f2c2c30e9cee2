// The frame of every page, for whoever is signed in; the sign-in page for all others.
import {useQuery} from '@tanstack/react-query';
import {Outlet, useMatches, useNavigate} from '@tanstack/react-router';
import {lazy, Suspense, useEffect, useMemo, useState} from 'react';
import type {ReactElement} from 'react';
import {choice} from '../base/choices.ts';
import {runKey, useKeys} from '../base/keys.ts';
import {knowServices} from '../base/service_slots.ts';
import {useStore} from '../base/store.ts';
import {Brand, Icon} from '../widgets/Icon.tsx';
import {Link} from '../widgets/Link.tsx';
import {Empty, Failure, Loading} from '../widgets/States.tsx';
import {servicesQuery} from '../wire/services.ts';
import {sessionQuery, useOrganization} from '../wire/session.ts';
import {ROOMS} from './rooms.ts';
import {SignIn} from './SignIn.tsx';
import {nextTheme} from './theme.ts';
import {TopBar} from './TopBar.tsx';

const Palette = lazy(() => import('./Palette.tsx'));
const KeyHelp = lazy(() => import('./KeyHelp.tsx'));

/** Longer no page waits for its colours. */
const COLOURS_WITHIN_MS = 400;
const PALETTE_AFTER_MS = 2_000;
/** Empty until somebody chose. */
const railChoice = choice('rail', '');
const WIDE_PAGES: ReadonlySet<string> = new Set(ROOMS.flatMap(room => room.pages.filter(page => page.isWide).map(page => page.path)));

export function Shell(): ReactElement {
  const session = useQuery(sessionQuery);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => void runKey(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  if (session.data === undefined) {
    if (session.isError) return <Failure what="Vedette does not answer" error={session.error} onRetry={() => void session.refetch()} />;
    return <Loading what="who is signed in" rows={0} />;
  }
  if (session.data.who.user === null) return <SignIn />;
  if (session.data.organization === null) return <Empty title="You belong to no organization">Ask an owner of this server to add you.</Empty>;
  return <Frame />;
}

function Frame(): ReactElement {
  const rail = useRail();
  const [layer, setLayer] = useState<'none' | 'palette' | 'help'>('none');
  const navigate = useNavigate();
  // Colours of services are given before the first page needs them; without an answer, as they come.
  const services = useQuery(servicesQuery(useOrganization()));
  if (services.data) knowServices(services.data);
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), COLOURS_WITHIN_MS);
    return () => clearTimeout(timer);
  }, []);
  const keys = useMemo(
    () => [
      {keys: ['mod+k'], does: 'Jump to anything', group: 'Anywhere', run: () => setLayer('palette'), inInputs: true},
      {keys: ['?'], does: 'Show all keys', group: 'Anywhere', run: () => setLayer('help')},
      {keys: ['/'], does: 'Go to the query', group: 'Anywhere', run: focusQuery},
      {keys: ['\\'], does: 'Narrow or widen the rail', group: 'Anywhere', run: () => railChoice.set(rail === 'wide' ? 'narrow' : 'wide')},
      {keys: ['alt+t'], does: 'Change between light and dark', group: 'Anywhere', run: nextTheme, inInputs: true},
      ...ROOMS.filter(room => room.start !== null).map((room, at) => ({
        keys: [`alt+${at + 1}`],
        does: `Go to ${room.title}`,
        group: 'Anywhere',
        run: () => void navigate({to: room.start ?? '/'}),
        inInputs: true,
      })),
    ],
    [navigate, rail],
  );
  useKeys(keys);
  useEffect(() => {
    // Who presses the key types at once: the palette is there by then.
    const timer = setTimeout(() => void import('./Palette.tsx'), PALETTE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={`shell ${rail}`}>
      <a className="skip" href="#main">Skip to content</a>
      <Rail />
      <TopBar onJump={() => setLayer('palette')} onHelp={() => setLayer('help')} />
      <main className="main" id="main" tabIndex={-1}>
        <Suspense fallback={<Loading what="the page" />}>{services.isPending && !isLate ? <Loading what="the page" /> : <Outlet />}</Suspense>
      </main>
      <Suspense fallback={null}>
        {layer === 'palette' && <Palette onClose={() => setLayer('none')} />}
        {layer === 'help' && <KeyHelp onClose={() => setLayer('none')} />}
      </Suspense>
    </div>
  );
}

function useRail(): string {
  const chosen = useStore(railChoice);
  const path = useMatches({select: matches => matches.at(-1)?.fullPath});
  return chosen === '' ? (WIDE_PAGES.has(String(path)) ? 'narrow' : 'wide') : chosen;
}

function Rail(): ReactElement {
  const shown = ROOMS.filter(room => room.start !== null);
  return (
    <nav className="rail" aria-label="Main">
      <Link className="brand in-rail" to="/" aria-label="Vedette, start page"><Brand /><span>Vedette</span></Link>
      <RailList rooms={shown.filter(room => !room.isLast)} />
      <RailList rooms={shown.filter(room => room.isLast)} isEnd />
    </nav>
  );
}

function RailList({rooms, isEnd}: {readonly rooms: typeof ROOMS; readonly isEnd?: boolean}): ReactElement {
  return (
    <ul className={isEnd ? 'end' : ''}>
      {rooms.map(room => (
        <li key={room.name}>
          <Link to={room.start ?? '/'} isCurrentBelow title={room.title}>
            <Icon path={room.icon} />
            <span>{room.title}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Every page with a query marks its box so. */
function focusQuery(): void {
  document.querySelector<HTMLElement>('[data-query]')?.focus();
}
