// The memory leak of this panel, as old React code often has it: listeners that are added and never
// removed, each of which holds on to rows that are no longer on the page.

const ROWS_PER_VISIT = 500;
const LEAK_COUNT_MAX = 100; // a demonstration must not take the browser down

const listeners: Array<() => number> = [];

/** Adds one visit's worth of leak; returns how many detached rows are held by now. */
export function leakOneVisit(): number {
  if (listeners.length < LEAK_COUNT_MAX) {
    const rows = Array.from({length: ROWS_PER_VISIT}, (_, number) => {
      const row = document.createElement('tr');
      row.textContent = `detached row ${number} of visit ${listeners.length}`.repeat(10);
      return row;
    });
    const listener = (): number => rows.length;
    window.addEventListener('resize', listener);
    listeners.push(listener);
  }
  return listeners.length * ROWS_PER_VISIT;
}

export function listenerCount(): number {
  return listeners.length;
}
