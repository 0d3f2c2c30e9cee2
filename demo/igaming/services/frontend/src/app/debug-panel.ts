import {ChangeDetectionStrategy, Component, computed, signal, type OnDestroy} from '@angular/core';
import {action} from './action';
import {ask, ensureSignedIn, HttpError} from './api';
import {config} from './config';
import {BROWSER_TRIGGERS} from './faults';
import {newLoop, watchUntilSeen, type LoopSignal} from './loop';

const POLL_MS = 1000;
const LOOP_COUNT_MAX = 12;

interface Fault {
  readonly name: string;
  readonly kind: 'switch' | 'endpoint' | 'browser';
  readonly sentence: string;
  readonly on: boolean;
  readonly until?: string;
  readonly accepted_at?: string;
  readonly effective_at?: string;
  readonly emitted_at?: string;
  readonly trace_id?: string;
}
interface Step {readonly name: string; readonly method?: 'GET' | 'POST' | 'PUT'; readonly path?: string; readonly body?: unknown; readonly browser?: string; readonly deploy?: string; readonly times?: number; readonly as_player?: boolean}
interface Scenario {
  readonly number: number; readonly name: string; readonly title: string; readonly story: string;
  readonly deadline_seconds?: number; readonly waiting?: string; readonly faults?: string[];
  readonly trigger?: Step[]; readonly expect?: {readonly says: string}[];
}

@Component({
  selector: 'debug-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="head">
      <h1>Debug Panel</h1>
      <p>Every fault is off until somebody asks for it, and goes off by itself. {{ onCount() }} on.</p>
      <label>Time to live
        <select #ttl (change)="secondsToLive.set(+ttl.value)">
          <option value="60">1 minute</option><option value="120" selected>2 minutes</option><option value="600">10 minutes</option>
        </select>
      </label>
      <label><input #stay type="checkbox" (change)="survivesRestart.set(stay.checked)"> survives a restart</label>
      <button class="main" data-action="all-off" (click)="allOff()">All off</button>
      @if (problem() !== '') { <p class="message bad">{{ problem() }}</p> }
    </section>
    <section class="loop">
      <h2>The loop</h2>
      <table>
        <thead><tr><th>Trigger</th><th>Accepted</th><th>Answer</th><th>Trace</th><th>Seen in the server</th></tr></thead>
        <tbody>
          @for (loop of loops(); track $index) {
            <tr>
              <td>{{ loop().name }}</td><td>{{ loop().accepted }}</td><td>{{ loop().answer }}</td>
              <td><code>{{ loop().traceId.slice(0, 12) || '–' }}</code></td>
              <td>@if (loop().link !== '') {<a [href]="loop().link">{{ loop().seen }}</a>} @else {{{ loop().seen }}}</td>
            </tr>
          } @empty {
            <tr><td colspan="5">Trigger something below and watch it arrive.</td></tr>
          }
        </tbody>
      </table>
    </section>
    <section>
      <h2>Scenarios</h2>
      <div class="cards">
        @for (scenario of scenarios(); track scenario.name) {
          <article>
            <h3>{{ scenario.number }} · {{ scenario.title }}</h3>
            <p>{{ scenario.story }}</p>
            <details>
              <summary>{{ scenario.expect?.length }} {{ scenario.expect?.length === 1 ? 'signal' : 'signals' }} within {{ scenario.deadline_seconds ?? 15 }} s</summary>
              <ul>@for (wish of scenario.expect ?? []; track $index) {<li>{{ wish.says }}</li>}</ul>
            </details>
            @if (scenario.waiting) { <p class="waiting">Waiting: {{ scenario.waiting }}</p> }
            @if (needsTerminal(scenario)) {
              <p class="waiting">It builds and starts other versions: <code>./contracts.sh -k {{ scenario.name }}</code></p>
            } @else if (scenario.trigger?.length) {
              <button [attr.data-scenario]="scenario.name" (click)="run(scenario)">Run</button>
            }
          </article>
        }
      </div>
    </section>
    @for (group of groups(); track group.service) {
      <section>
        <h2>{{ group.service }}</h2>
        <table class="faults">
          @for (fault of group.faults; track fault.name) {
            <tr [class.on]="fault.on">
              <td class="name">{{ fault.name.split('/')[1] }}</td>
              <td>{{ fault.sentence }}
                @if (fault.accepted_at) {
                  <small>accepted {{ time(fault.accepted_at) }} → effective {{ time(fault.effective_at) }} → emitted {{ time(fault.emitted_at) }}
                    @if (fault.on) { · until {{ time(fault.until) }} }</small>
                }
              </td>
              <td class="do">
                @if (fault.kind === 'switch') {
                  <button [attr.data-fault]="fault.name" [attr.aria-pressed]="fault.on" (click)="toggle(fault)">{{ fault.on ? 'Switch off' : 'Switch on' }}</button>
                } @else {
                  <button [attr.data-fault]="fault.name" (click)="trigger(fault)">Trigger</button>
                }
              </td>
            </tr>
          }
        </table>
      </section>
    }
  `,
})
export class DebugPanel implements OnDestroy {
  readonly faults = signal<Fault[]>([]);
  readonly scenarios = signal<Scenario[]>([]);
  readonly loops = signal<LoopSignal[]>([]);
  readonly problem = signal('');
  readonly secondsToLive = signal(120);
  readonly survivesRestart = signal(false);
  readonly onCount = computed(() => this.faults().filter((fault) => fault.on).length);
  readonly groups = computed(() => {
    const services = [...new Set(this.faults().map((fault) => fault.name.split('/')[0] ?? ''))];
    return services.map((service) => ({service, faults: this.faults().filter((fault) => fault.name.startsWith(`${service}/`))}));
  });
  private readonly timer = setInterval(() => void this.refresh(), POLL_MS);

  constructor() {
    void this.refresh();
    ask<Scenario[]>('GET', '/api/scenarios').then(
      ({body}) => this.scenarios.set(body),
      () => undefined, // said by refresh already
    );
  }

  ngOnDestroy(): void {
    clearInterval(this.timer);
  }

  async toggle(fault: Fault): Promise<void> {
    await this.attempt(async () => {
      await ask('PUT', `/api/faults/${fault.name}`, {
        enabled: !fault.on, seconds_to_live: this.secondsToLive(), survives_restart: this.survivesRestart(),
      });
      await this.refresh();
    });
  }

  async allOff(): Promise<void> {
    await this.attempt(async () => {
      const {body} = await ask<Fault[]>('POST', '/api/faults/all-off');
      this.faults.set(body);
    });
  }

  async trigger(fault: Fault): Promise<void> {
    const step: Step = fault.kind === 'browser'
      ? {name: fault.name, browser: fault.name}
      : {name: fault.name, method: 'POST', path: `/api/debug/${fault.name}`};
    await this.perform(step);
  }

  /** A page cannot build and start another version of a service. */
  needsTerminal(scenario: Scenario): boolean {
    return scenario.trigger?.some((step) => step.deploy !== undefined) ?? false;
  }

  async run(scenario: Scenario): Promise<void> {
    for (const name of scenario.faults ?? []) {
      await this.attempt(() => ask('PUT', `/api/faults/${name}`, {enabled: true, seconds_to_live: this.secondsToLive()}));
    }
    for (const step of scenario.trigger ?? []) {
      for (let count = 0; count < (step.times ?? 1); count += 1) await this.perform(step);
    }
  }

  time(at: string | undefined): string {
    return at === undefined ? '…' : new Date(at).toLocaleTimeString();
  }

  private async perform(step: Step): Promise<void> {
    if (step.name.startsWith('admin-panel/') || step.browser?.startsWith('admin')) {
      window.open(`${config().admin_url}/#${step.name.split('/').at(-1)}`, '_blank');
      return;
    }
    const startedAt = performance.now();
    const loop = newLoop(step.name);
    this.loops.update((all) => [loop, ...all].slice(0, LOOP_COUNT_MAX));
    const inThisPage = BROWSER_TRIGGERS[(step.browser ?? '').replace(':', '/')];
    if (inThisPage !== undefined) {
      // The error must reach the page's own handlers, as a player's click would make it.
      setTimeout(() => inThisPage());
      loop.update((old) => ({...old, answer: 'happened in this page', seen: 'see the issues of frontend'}));
      return;
    }
    try {
      if (step.as_player === true) await ensureSignedIn();
      const {body, traceId} = await action(step.name, () =>
        ask<{service_status?: number; trace_id?: string}>(step.method ?? 'GET', step.path ?? '/', step.body),
      );
      loop.update((old) => ({...old, traceId: body.trace_id ?? traceId, answer: `answered ${body.service_status ?? 'well'}`}));
    } catch (error) {
      loop.update((old) => ({...old, answer: error instanceof HttpError ? `refused: ${error.message}` : String(error)}));
    }
    await watchUntilSeen(loop, startedAt);
  }

  private async refresh(): Promise<void> {
    await this.attempt(async () => {
      const {body} = await ask<Fault[]>('GET', '/api/faults');
      this.faults.set(body);
    });
  }

  private async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.problem.set('');
    } catch (error) {
      this.problem.set(error instanceof HttpError ? error.message : 'The gateway cannot be reached.');
    }
  }
}
