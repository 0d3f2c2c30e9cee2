import * as Sentry from '@sentry/angular';

/**
 * Runs what one click starts as a trace of its own. The SDK would hang everything onto the trace of
 * the page load, and a player's tenth spin would be looked for among the nine before it.
 */
export function action<T>(name: string, work: () => Promise<T>): Promise<T> {
  return Sentry.startNewTrace(() => Sentry.startSpan({name, op: 'ui.action'}, work));
}
