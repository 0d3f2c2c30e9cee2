// Which faults of the admin panel are on; off when nobody answers.

import {useEffect, useState} from 'react';
import {ask} from './api';

const POLL_MS = 2000;

export function useFaults(): ReadonlySet<string> {
  const [active, setActive] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const poll = (): void => {
      ask<string[]>('/api/effective?service=admin-panel').then(
        (names) => setActive((old) => (old.size === names.length && names.every((name) => old.has(name)) ? old : new Set(names))),
        () => setActive((old) => (old.size === 0 ? old : new Set())),
      );
    };
    poll();
    const timer = setInterval(poll, POLL_MS);
    return () => clearInterval(timer);
  }, []);
  return active;
}

export function emitted(name: string): void {
  ask(`/api/faults/admin-panel/${name}/emitted`, 'POST').catch(() => undefined);
}
