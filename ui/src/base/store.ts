// A value that lives outside of React and tells who listens when it changed.
import {useSyncExternalStore} from 'react';

export type Store<Value> = {
  readonly get: () => Value;
  readonly set: (value: Value | ((before: Value) => Value)) => void;
  readonly subscribe: (listener: () => void) => () => void;
};

export function createStore<Value>(initial: Value): Store<Value> {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set: value => {
      const next = typeof value === 'function' ? (value as (before: Value) => Value)(current) : value;
      if (Object.is(next, current)) return;
      current = next;
      for (const each of listeners) each();
    },
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useStore<Value>(store: Store<Value>): Value {
  return useSyncExternalStore(store.subscribe, store.get);
}
