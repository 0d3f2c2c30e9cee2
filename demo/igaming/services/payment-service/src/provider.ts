// The road to the card company: an outside service that may be slow, down, or answer nonsense.

import {ProviderError} from './errors.ts';
import {urlOf} from './settings.ts';

const ANSWER_MS_MAX = 8000;
const IMPATIENT_MS_MAX = 500;
const DELAY_SECONDS_MIN = 2;
const DELAY_SECONDS_SPAN = 3;

export class Provider {
  private readonly baseUrl = urlOf('PAYMENT_PROVIDER', '8087');
  private readonly chance: () => number;

  constructor(chance: () => number) {
    this.chance = chance;
  }

  /** Asks for a charge; a declined one is an answer, not a failure. */
  async charge(paymentId: string, kind: string, amount: number, isSlow: boolean): Promise<'succeeded' | 'declined'> {
    const query = isSlow ? `?seconds=${(DELAY_SECONDS_MIN + this.chance() * DELAY_SECONDS_SPAN).toFixed(2)}` : '';
    const answer = await this.call('POST', `/charges${query}`, ANSWER_MS_MAX, {payment_id: paymentId, kind, amount});
    const body = (await answer.json()) as {status?: string};
    return body.status === 'approved' ? 'succeeded' : 'declined';
  }

  /** Used by the provider-timeout fault. */
  async askImpatiently(): Promise<void> {
    await this.call('GET', '/slow?seconds=3', IMPATIENT_MS_MAX);
  }

  /** Used by the json-parse-error fault: the provider answers with a page. */
  async askDuringMaintenance(): Promise<void> {
    const answer = await this.call('GET', '/maintenance', ANSWER_MS_MAX);
    JSON.parse(await answer.text());
  }

  private async call(method: string, path: string, msMax: number, body?: unknown): Promise<Response> {
    try {
      const answer = await fetch(this.baseUrl + path, {
        method,
        signal: AbortSignal.timeout(msMax),
        ...(body === undefined ? {} : {body: JSON.stringify(body), headers: {'Content-Type': 'application/json'}}),
      });
      if (!answer.ok) throw new ProviderError(`the payment provider answered ${answer.status}`);
      return answer;
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      const isTimeout = error instanceof Error && error.name === 'TimeoutError';
      const sentence = isTimeout ? 'the payment provider did not answer in time' : 'the payment provider cannot be reached';
      throw new ProviderError(sentence, {cause: error});
    }
  }
}
