import {ChangeDetectionStrategy, Component, ElementRef, computed, inject, signal, type OnDestroy} from '@angular/core';
import * as Sentry from '@sentry/angular';
import {action} from './action';
import {ask, HttpError, signInWith} from './api';
import {config} from './config';
import {emitted, isOn} from './faults';

const PLAYER_COUNT = 200;
const LIVE_COUNT_MAX = 12;
const RECONNECT_MS = 3000;
const SLOW_RENDER_ROUNDS = 400;
// Signs that every font has, so that no picture needs to be fetched.
const SIGNS: Readonly<Record<string, string>> = {
  cherry: '♥', lemon: '◆', orange: '●', bell: '▲', seven: '7', scarab: '♣', eye: '◉', pharaoh: '♛',
};

interface SpinResult {readonly round_id: string; readonly reels: string[]; readonly bet: number; readonly win: number; readonly balance: number}
interface Round {readonly round_id: string; readonly game: string; readonly bet: number; readonly win: number; readonly at: string}
interface Live {readonly player: string; readonly game: string; readonly bet: number; readonly win: number}

@Component({
  selector: 'slot-machine',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="machine">
      <div class="reels" [class.turning]="isBusy()" aria-live="polite">
        @for (reel of shown(); track $index) {
          <span [class]="reel.name">{{ reel.sign }}<small>{{ reel.name }}</small></span>
        }
      </div>
      <p class="message" [class.bad]="isBad()" role="status">{{ message() }}</p>
      <div class="controls">
        <label>Game
          <select #game (change)="game.value === selected() || selected.set(game.value)">
            <option>fruits</option>
            <option>pyramids</option>
          </select>
        </label>
        <label>Bet
          <input #bet type="number" min="1" max="10000" step="50" [value]="betCents()" (change)="betCents.set(+bet.value)">
        </label>
        <button class="main" data-action="spin" [disabled]="isBusy()" (click)="spin()">Spin</button>
        <button data-action="deposit" [disabled]="isBusy()" (click)="pay('deposits', 5000)">Deposit €50</button>
        <button data-action="cash-out" (click)="cashOut()">Cash out €10</button>
      </div>
      <dl class="figures">
        <div><dt>Player</dt><dd>{{ player }}</dd></div>
        <div><dt>Balance</dt><dd>{{ euros(balance()) }}</dd></div>
        <div><dt>Last trace</dt><dd><code>{{ lastTrace() || '–' }}</code></dd></div>
      </dl>
    </section>
    <section class="two">
      <div>
        <h2>Your rounds <button data-action="history" (click)="loadHistory()">Refresh</button></h2>
        <table>
          <thead><tr><th>Game</th><th class="number">Bet</th><th class="number">Win</th></tr></thead>
          <tbody>
            @for (round of history(); track round.round_id) {
              <tr><td>{{ round.game }}</td><td class="number">{{ euros(round.bet) }}</td><td class="number">{{ euros(round.win) }}</td></tr>
            } @empty {
              <tr><td colspan="3">No rounds yet.</td></tr>
            }
          </tbody>
        </table>
      </div>
      <div>
        <h2>Live <small>{{ isLive() ? 'connected' : 'waiting for the feed' }}</small></h2>
        <ul class="live">
          @for (news of live(); track $index) {
            <li>…{{ news.player }} bet {{ euros(news.bet) }} on {{ news.game }} @if (news.win > 0) {<strong>won {{ euros(news.win) }}</strong>}</li>
          } @empty {
            <li>Nobody has played yet.</li>
          }
        </ul>
      </div>
    </section>
  `,
})
export class SlotMachine implements OnDestroy {
  readonly player = `player-${String(Math.floor(Math.random() * PLAYER_COUNT)).padStart(4, '0')}`;
  readonly selected = signal('fruits');
  readonly betCents = signal(100);
  readonly balance = signal(0);
  readonly isBusy = signal(false);
  readonly isBad = signal(false);
  readonly message = signal('Good luck!');
  readonly lastTrace = signal('');
  readonly history = signal<Round[]>([]);
  readonly live = signal<Live[]>([]);
  readonly isLive = signal(false);
  private readonly reels = signal(['cherry', 'lemon', 'seven']);
  readonly shown = computed(() => this.reels().map((name) => ({name, sign: SIGNS[name] ?? '?'})));
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private socket: WebSocket | undefined;
  private reconnect: ReturnType<typeof setTimeout> | undefined;
  private isClosing = false;

  constructor() {
    void this.attempt('sign-in', async () => {
      const {body} = await ask<{token: string}>('POST', '/api/sessions', {player: this.player});
      signInWith(body.token);
      Sentry.setUser({id: this.player});
      const answer = await ask<{balance: number}>('GET', '/api/balance');
      this.balance.set(answer.body.balance);
      await this.fetchHistory();
    });
    this.listen();
  }

  ngOnDestroy(): void {
    this.isClosing = true;
    clearTimeout(this.reconnect);
    this.socket?.close();
  }

  spin(): Promise<void> {
    return this.attempt('spin', async () => {
      const {body, traceId} = await ask<SpinResult>('POST', '/api/spins', {game: this.selected(), bet: this.betCents()});
      this.reels.set(body.reels);
      this.balance.set(body.balance);
      this.lastTrace.set(traceId);
      this.message.set(body.win > 0 ? `You win ${this.euros(body.win)}!` : 'Nothing this time.');
      this.history.update((rounds) => [{...body, game: this.selected(), at: ''}, ...rounds].slice(0, 25));
    });
  }

  pay(kind: 'deposits' | 'withdrawals', amount: number): Promise<void> {
    return this.attempt(kind, async () => {
      const {body, traceId} = await ask<{balance: number; status: string}>('POST', `/api/${kind}`, {amount});
      this.balance.set(body.balance);
      this.lastTrace.set(traceId);
      this.message.set(body.status === 'succeeded' ? 'The money is on its way.' : 'The payment was declined.');
    });
  }

  cashOut(): Promise<void> | undefined {
    if (isOn('dead-button')) {
      emitted('dead-button');
      return undefined; // people will click again, and again
    }
    return this.pay('withdrawals', 1000);
  }

  loadHistory(): Promise<void> {
    return this.attempt('history', async () => {
      await this.fetchHistory();
      if (isOn('slow-render')) this.renderSlowly();
    });
  }

  euros(cents: number): string {
    return `€${(cents / 100).toFixed(2)}`;
  }

  /** Names what the player does, and tells the player what went wrong. */
  private async attempt(name: string, work: () => Promise<void>): Promise<void> {
    this.isBusy.set(true);
    this.isBad.set(false);
    try {
      await action(name, work);
    } catch (error) {
      this.isBad.set(true);
      this.message.set(error instanceof HttpError ? error.message : 'The casino cannot be reached.');
      // What the player asked wrongly is no error of ours; a 5xx is.
      if (!(error instanceof HttpError) || error.status >= 500) Sentry.captureException(error);
    } finally {
      this.isBusy.set(false);
    }
  }

  private async fetchHistory(): Promise<void> {
    const {body} = await ask<Round[]>('GET', '/api/history');
    this.history.set(body);
  }

  /** The fault: each turn asks for a height after a change, so the browser lays out anew each time. */
  private renderSlowly(): void {
    emitted('slow-render');
    const rows = this.host.nativeElement.querySelectorAll<HTMLElement>('tbody tr');
    for (let turn = 0; turn < SLOW_RENDER_ROUNDS; turn += 1) {
      rows.forEach((row) => {
        row.style.paddingLeft = `${(row.offsetHeight + turn) % 5}px`;
      });
    }
  }

  private listen(): void {
    this.socket = new WebSocket(`${config().gateway_url.replace(/^http/, 'ws')}/api/live`);
    this.socket.onopen = () => this.isLive.set(true);
    this.socket.onmessage = (message: MessageEvent<string>) => {
      const news = JSON.parse(message.data) as Live;
      this.live.update((all) => [news, ...all].slice(0, LIVE_COUNT_MAX));
    };
    this.socket.onclose = () => {
      this.isLive.set(false);
      if (!this.isClosing) this.reconnect = setTimeout(() => this.listen(), RECONNECT_MS);
    };
  }
}
