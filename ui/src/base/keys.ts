// Keys that do something: bound while a page is shown, listed in the help, silent in inputs.
import {useEffect} from 'react';
import {choice} from './choices.ts';
import {createStore} from './store.ts';

export type KeyBinding = {
  /** As `KeyboardEvent.key` says it; "mod+k" for Ctrl or ⌘. */
  readonly keys: readonly string[];
  readonly does: string;
  readonly group: string;
  readonly run: (event: KeyboardEvent) => void;
  /** Also while an input has the focus. */
  readonly inInputs?: boolean;
};

/** Newest last: a page's keys win over the shell's. */
export const boundKeys = createStore<readonly KeyBinding[]>([]);
/** "off" where single letters disturb (WCAG 2.1.4). */
export const letterKeys = choice('letter-keys', 'on');


export function useKeys(bindings: readonly KeyBinding[]): void {
  useEffect(() => {
    boundKeys.set(before => [...before, ...bindings]);
    return () => boundKeys.set(before => before.filter(each => !bindings.includes(each)));
  }, [bindings]);
}

/** Runs what the pressed key is bound to; returns whether something was. */
export function runKey(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing) return false;
  const name = nameOfKey(event);
  const isTyping = isInput(event.target);
  const isLetter = !name.includes('+') && name.length === 1;
  if (isLetter && letterKeys.get() === 'off') return false;
  const binding = boundKeys.get().findLast(each => each.keys.includes(name) && (!isTyping || each.inInputs === true));
  if (!binding) return false;
  event.preventDefault();
  binding.run(event);
  return true;
}

export function nameOfKey(event: {readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean; readonly altKey: boolean}): string {
  if (event.altKey) return `alt+${event.key}`;
  if (event.ctrlKey || event.metaKey) return `mod+${event.key.toLowerCase()}`;
  return event.key;
}

function isInput(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'range');
}
