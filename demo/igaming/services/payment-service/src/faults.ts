// Knows which faults of this service are on. The fault service is asked twice a second; when it
// cannot be reached every fault counts as off, because off is the safe state.

import * as Sentry from '@sentry/node';
import {urlOf} from './settings.ts';

const SERVICE = 'payment-service';
const POLL_MS = 500;
const CALL_MS_MAX = 2000;

export class Faults {
  private active: ReadonlySet<string> = new Set();
  private isAnnounced = false;
  private readonly baseUrl = urlOf('FAULT_SERVICE', '8086');
  private readonly timer = setInterval(() => void this.watch(), POLL_MS);

  on(name: string): boolean {
    return this.active.has(`${SERVICE}/${name}`);
  }

  /** Tells the fault service that a fault showed its effect, and in which trace. Never disturbs. */
  emitted(name: string): void {
    const traceId = Sentry.getActiveSpan()?.spanContext().traceId ?? '';
    void this.call('POST', `/faults/${SERVICE}/${name}/emitted?trace_id=${traceId}`);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async watch(): Promise<void> {
    // Faults that were not asked to survive a restart end here.
    if (!this.isAnnounced) this.isAnnounced = (await this.call('POST', `/services/${SERVICE}/started`)) !== undefined;
    const answer = await this.call('GET', `/effective?service=${SERVICE}`);
    this.active = new Set(answer?.ok ? ((await answer.json()) as string[]) : []);
  }

  private async call(method: string, path: string): Promise<Response | undefined> {
    try {
      // Not business: outside of every trace.
      return await Sentry.suppressTracing(() =>
        fetch(this.baseUrl + path, {method, signal: AbortSignal.timeout(CALL_MS_MAX)}),
      );
    } catch {
      return undefined; // unreachable counts as "nothing is on"
    }
  }
}
