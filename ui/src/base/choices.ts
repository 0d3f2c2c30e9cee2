// What this browser remembers of a person's choices; without storage, for this page only.
import {createStore} from './store.ts';
import type {Store} from './store.ts';

const PREFIX = 'vedette.';
const known = new Map<string, Store<string>>();

/** Returns the remembered choice of this name, a store that writes through. */
export function choice(name: string, byDefault: string): Store<string> {
  const before = known.get(name);
  if (before) return before;
  const store = createStore(recall(name) ?? byDefault);
  store.subscribe(() => keep(name, store.get()));
  known.set(name, store);
  return store;
}

function recall(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    if (value === '') localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // Full or forbidden: the choice holds for this page.
  }
}
