// The part of an address after "?", as plain texts: what a link says is what a person can read.

export type SearchRecord = Readonly<Record<string, string | readonly string[]>>;

export function readSearch(text: string): SearchRecord {
  // A map first: names may be those of every object's own properties.
  const found = new Map<string, string | readonly string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const known = found.get(name);
    found.set(name, known === undefined ? value : [...(typeof known === 'string' ? [known] : known), value]);
  }
  return Object.fromEntries(found);
}

/** Leaves out what is empty, so that a link holds only what was chosen. */
export function writeSearch(record: Readonly<Record<string, unknown>>): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(record)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== '') words.append(name, String(each));
    }
  }
  const text = words.toString();
  return text === '' ? '' : `?${text}`;
}

/** Returns the one text under a name: the first if there are several, empty if there is none. */
export function oneOf(record: SearchRecord, name: string): string {
  return allOf(record, name)[0] ?? '';
}

export function allOf(record: SearchRecord, name: string): readonly string[] {
  const value = Object.hasOwn(record, name) ? record[name] : undefined;
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
