// Faults on demand: each fails in a way of its own, so that each makes its own issue.

import * as Sentry from '@sentry/node';
import {FaultError, PaymentError} from './errors.ts';
import {blockEventLoop, leakMemory, type Needs} from './payments.ts';

const LEAK_MEGABYTES = 20;

class MemoryLeakError extends FaultError {
  override name = 'MemoryLeakError';
}

type Trigger = (needs: Needs) => Promise<object> | object;

export const TRIGGERS: Readonly<Record<string, Trigger>> = {
  crash: () => {
    Sentry.addBreadcrumb({category: 'payment', message: 'card form opened'});
    const card: {holder?: {name: string}} = JSON.parse('{}') as object;
    return {holder: card.holder!.name.toUpperCase()}; // the missing check is the fault
  },
  'unhandled-rejection': () => {
    void Promise.reject(new PaymentError('a refund was rejected and nobody listened'));
    return {status: 'a promise was rejected'};
  },
  'event-loop-block-once': () => ({turns: blockEventLoop()}),
  'memory-leak-once': () => {
    const kept = leakMemory(LEAK_MEGABYTES);
    Sentry.setContext('leak', {megabytes: kept});
    throw new MemoryLeakError('payment receipts are kept for ever');
  },
  'provider-timeout': async ({provider}) => {
    await provider.askImpatiently();
    return {status: 'the provider was faster than expected'};
  },
  'custom-error': () => {
    const root = new RangeError('limit of 5000 exceeded');
    const middle = new Error('the risk check failed', {cause: root});
    throw new PaymentError('the withdrawal was stopped', 422, {cause: middle});
  },
  'json-parse-error': async ({provider}) => {
    await provider.askDuringMaintenance();
    return {status: 'the provider answered JSON after all'};
  },
  'database-error': async ({ledger}) => {
    await ledger.runWrongStatement();
    return {status: 'the statement was accepted'};
  },
};
