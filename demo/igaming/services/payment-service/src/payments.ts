// Deposits and withdrawals, with the faults that make them interesting.

import {randomUUID} from 'node:crypto';
import * as Sentry from '@sentry/node';
import {FaultError, RefusedError} from './errors.ts';
import type {Events} from './events.ts';
import type {Faults} from './faults.ts';
import type {Ledger, Payment} from './ledger.ts';
import type {Provider} from './provider.ts';

const AMOUNT_CENTS_MAX = 1_000_000;
const FAILURE_RATE = 0.1;
const BLOCK_MS = 1500;
const LEAK_BYTES = 1_048_576;
const LEAK_COUNT_MAX = 200;

const neverFreed: Uint8Array[] = [];

export interface Needs {
  readonly ledger: Ledger;
  readonly provider: Provider;
  readonly events: Events;
  readonly faults: Faults;
  readonly chance: () => number;
}

/** Charges the provider, books the result, tells the others. */
export async function pay(needs: Needs, kind: Payment['kind'], player: string, asked: unknown): Promise<object> {
  const amount = readAmount(asked);
  if (player === '') throw new RefusedError('please sign in', 401);
  const paymentId = randomUUID();
  Sentry.setContext('payment', {payment_id: paymentId, kind, amount});
  misbehave(needs, kind);
  const isSlow = needs.faults.on('provider-delay');
  if (isSlow) needs.faults.emitted('provider-delay');
  const status = await needs.provider.charge(paymentId, kind, amount, isSlow);
  const payment: Payment = {payment_id: paymentId, player, kind, amount, status};
  const balance = await needs.ledger.bookPayment(payment);
  await needs.events.publish(payment);
  Sentry.metrics.count('business.payments', 1, {attributes: {kind, status}});
  Sentry.metrics.count(`business.${kind}s`, amount, {unit: 'cent', attributes: {status}});
  return {...payment, balance};
}

function readAmount(asked: unknown): number {
  const amount = (asked as {amount?: unknown} | undefined)?.amount;
  if (typeof amount !== 'number' || !Number.isInteger(amount) || amount <= 0 || amount > AMOUNT_CENTS_MAX) {
    throw new RefusedError(`an amount lies between 1 and ${AMOUNT_CENTS_MAX} cents`);
  }
  return amount;
}

function misbehave({faults, chance}: Needs, kind: string): void {
  if (faults.on('memory-leak')) {
    faults.emitted('memory-leak');
    leakMemory(1);
  }
  if (faults.on('event-loop-block')) {
    faults.emitted('event-loop-block');
    blockEventLoop();
  }
  if (faults.on('random-failures') && chance() < FAILURE_RATE) {
    faults.emitted('random-failures');
    throw new FaultError(`the ${kind} could not be processed`);
  }
}

/** Burns the processor on the event loop: nobody else is served meanwhile. */
export function blockEventLoop(): number {
  const endsAt = performance.now() + BLOCK_MS;
  let turns = 0;
  while (performance.now() < endsAt) turns += 1;
  return turns;
}

/** Keeps megabytes for ever, up to a bound: a demonstration must not take the machine down. */
export function leakMemory(megabytes: number): number {
  for (let count = 0; count < megabytes && neverFreed.length < LEAK_COUNT_MAX; count += 1) {
    neverFreed.push(new Uint8Array(LEAK_BYTES).fill(1));
  }
  Sentry.metrics.gauge('process.leaked_bytes', neverFreed.length * LEAK_BYTES, {unit: 'byte'});
  return neverFreed.length;
}
