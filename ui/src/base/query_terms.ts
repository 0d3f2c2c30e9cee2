// Adds a term to a query, or takes it out: what a click on a facet does.

export function termOf(key: string, value: string): string {
  return `${key}:${/^[\w./:-]+$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`}`;
}

export function hasTerm(query: string, key: string, value: string): boolean {
  return placeOf(query, termOf(key, value)) >= 0;
}

export function toggleTerm(query: string, key: string, value: string): string {
  const term = termOf(key, value);
  const at = placeOf(query, term);
  if (at < 0) return `${query.trim()} ${term}`.trim();
  return `${query.slice(0, at).trim()} ${query.slice(at + term.length).trim()}`.trim();
}

/** Where the whole term stands: not as the end of a longer one, nor the beginning. */
function placeOf(query: string, term: string): number {
  for (let at = query.indexOf(term); at >= 0; at = query.indexOf(term, at + 1)) {
    const before = query[at - 1] ?? ' ';
    const after = query[at + term.length] ?? ' ';
    if (/[\s(]/.test(before) && /[\s)]/.test(after)) return at;
  }
  return -1;
}

/** Puts a range of durations, in milliseconds, in place of the one that the query has. */
export function withDuration(query: string, fromMs: number, toMs: number): string {
  const rest = query.replaceAll(/(^|\s)span\.duration:(>=|<=|>|<)?[\d.]+(ns|us|ms|s|min|h)?(?=\s|$)/g, ' ').replaceAll(/\s+/g, ' ').trim();
  const upper = Number.isFinite(toMs) ? ` span.duration:<${plain(toMs)}ms` : '';
  return `${rest} span.duration:>=${plain(fromMs)}ms${upper}`.trim();
}

/** Without an exponent, which searches do not know. */
function plain(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '');
}
