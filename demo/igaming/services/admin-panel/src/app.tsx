import React, {useEffect, useState, type ReactElement, type ReactNode} from 'react';
import * as Sentry from '@sentry/react';
import {ask, config} from './api';
import {emitted, useFaults} from './faults';
import {leakOneVisit, listenerCount} from './leak';

const SLOW_ROW_COUNT = 5000;
const ROW_COUNT = 50;

interface Player {readonly id: string; readonly name: string; readonly mail: string; readonly kyc: string; readonly documents: number}
interface Payment {readonly payment_id: string; readonly player: string; readonly kind: string; readonly amount: number; readonly status: string; readonly at: string}
interface Business {readonly games: Record<string, {rounds: number; bet: number; win: number; return_to_player: number}>; readonly payment_success_rate: number | null; readonly deposit_cents: number; readonly withdrawal_cents: number; readonly active_sessions: number}

type Page = 'players' | 'payments' | 'reports';
const PAGES: readonly Page[] = ['players', 'payments', 'reports'];

export function App(): ReactElement {
  const [page, setPage] = useState<Page>('players');
  const [isBroken, setIsBroken] = useState(window.location.hash === '#render-error');
  return (
    <>
      <header className="bar">
        <strong>Back office</strong>
        <nav>
          {PAGES.map((name) => (
            <button key={name} className={name === page ? 'here' : ''} data-page={name} onClick={() => setPage(name)}>
              {name}
            </button>
          ))}
          <a href={config().frontend_url}>Casino</a>
          <button data-action="render-error" onClick={() => setIsBroken(true)}>Break this page</button>
        </nav>
      </header>
      <main>
        <Sentry.ErrorBoundary
          fallback={({resetError}) => (
            <section role="alert">
              <h2>This page has failed</h2>
              <p>The error was reported. The rest of the back office works.</p>
              <button onClick={() => { setIsBroken(false); window.location.hash = ''; resetError(); }}>Try again</button>
            </section>
          )}
        >
          {isBroken && <BrokenReport />}
          {page === 'players' && <Players />}
          {page === 'payments' && <Payments />}
          {page === 'reports' && <Reports />}
        </Sentry.ErrorBoundary>
      </main>
    </>
  );
}

/** The render-error fault: a component that throws while rendering. */
function BrokenReport(): ReactElement {
  const report = JSON.parse('{}') as {totals: {bets: number}};
  return <p>{report.totals.bets}</p>; // the missing check is the fault
}

/** Fetches once per visit and shows what is there, what is missing, or what went wrong. */
function Loaded<T>({path, children}: {path: string; children: (value: T) => ReactNode}): ReactElement {
  const [state, setState] = useState<{value?: T; problem?: string}>({});
  useEffect(() => {
    let isGone = false;
    ask<T>(path).then(
      (value) => !isGone && setState({value}),
      (error: unknown) => !isGone && setState({problem: error instanceof Error ? error.message : String(error)}),
    );
    return () => { isGone = true; };
  }, [path]);
  if (state.problem !== undefined) return <p role="alert" className="bad">{state.problem}</p>;
  return <>{state.value === undefined ? <p>Loading…</p> : children(state.value)}</>;
}

function Players(): ReactElement {
  const faults = useFaults();
  const isSlow = faults.has('admin-panel/slow-list');
  const isLeaking = faults.has('admin-panel/memory-leak');
  const [heldRows, setHeldRows] = useState(0);
  useEffect(() => {
    if (!isLeaking) return;
    const held = leakOneVisit();
    setHeldRows(held);
    emitted('memory-leak');
    Sentry.metrics.gauge('browser.detached_rows', held, {attributes: {page: 'players'}});
    Sentry.metrics.gauge('browser.listeners', listenerCount(), {attributes: {page: 'players'}});
  }, [isLeaking]);
  useEffect(() => { if (isSlow) emitted('slow-list'); }, [isSlow]);
  return (
    <section>
      <h2>Players {heldRows > 0 && <small>{heldRows} rows are held in memory</small>}</h2>
      <Loaded<Player[]> path="/api/admin/players?limit=200">
        {(players) => (
          <table>
            <thead><tr><th>Player</th><th>Name</th><th>Mail</th><th>Identity</th><th className="number">Documents</th></tr></thead>
            <tbody>
              {repeat(players, isSlow ? SLOW_ROW_COUNT : ROW_COUNT).map((player, position) => (
                <tr key={position}>
                  <td>{player.id}</td><td>{player.name}</td><td>{player.mail}</td><td>{player.kyc}</td>
                  <td className="number">{player.documents}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </section>
  );
}

/** As many rows as asked for: a list that is longer than what there is begins anew. */
function repeat<T>(rows: readonly T[], count: number): T[] {
  if (rows.length === 0) return [];
  if (count <= rows.length) return rows.slice(0, count);
  return Array.from({length: count}, (_, position) => rows[position % rows.length] as T);
}

function Payments(): ReactElement {
  return (
    <section>
      <h2>Payments</h2>
      <Loaded<Payment[]> path="/api/admin/payments">
        {(payments) => payments.length === 0 ? <p>No payment yet. A deposit in the casino makes the first.</p> : (
          <table>
            <thead><tr><th>When</th><th>Player</th><th>Kind</th><th className="number">Amount</th><th>Status</th></tr></thead>
            <tbody>
              {payments.map((payment) => (
                <tr key={payment.payment_id}>
                  <td>{new Date(payment.at).toLocaleTimeString()}</td><td>{payment.player}</td><td>{payment.kind}</td>
                  <td className="number">{euros(payment.amount)}</td><td>{payment.status}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </section>
  );
}

function Reports(): ReactElement {
  const [made, setMade] = useState('');
  const makeReport = (): void => {
    ask<{report: string}>('/api/admin/reports', 'POST').then(
      ({report}) => setMade(`${report} was written to the object storage.`),
      (error: unknown) => setMade(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <section>
      <h2>Business <button data-action="report" onClick={makeReport}>Write today's report</button></h2>
      {made !== '' && <p role="status">{made}</p>}
      <Loaded<Business> path="/api/analytics/business">
        {(business) => (
          <>
            <dl className="figures">
              <div><dt>Active sessions</dt><dd>{business.active_sessions}</dd></div>
              <div><dt>Payment success</dt><dd>{business.payment_success_rate === null ? '–' : `${(business.payment_success_rate * 100).toFixed(1)} %`}</dd></div>
              <div><dt>Deposits</dt><dd>{euros(business.deposit_cents)}</dd></div>
              <div><dt>Withdrawals</dt><dd>{euros(business.withdrawal_cents)}</dd></div>
            </dl>
            <table>
              <thead><tr><th>Game</th><th className="number">Rounds</th><th className="number">Bet</th><th className="number">Paid out</th><th className="number">Return to player</th></tr></thead>
              <tbody>
                {Object.entries(business.games).map(([name, game]) => (
                  <tr key={name}>
                    <td>{name}</td><td className="number">{game.rounds}</td><td className="number">{euros(game.bet)}</td>
                    <td className="number">{euros(game.win)}</td><td className="number">{(game.return_to_player * 100).toFixed(1)} %</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </Loaded>
    </section>
  );
}

function euros(cents: number): string {
  return `€${(cents / 100).toFixed(2)}`;
}
