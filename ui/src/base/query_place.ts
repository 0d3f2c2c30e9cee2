// Where in a search somebody writes: a key, or the value of one; and what stands there so far.

export type QueryPlace =
  | {readonly kind: 'key'; readonly from: number; readonly part: string}
  | {readonly kind: 'value'; readonly from: number; readonly key: string; readonly part: string};

/** Looks at the word before the cursor; null within a quoted text that belongs to no key. */
export function placeInQuery(text: string, at: number): QueryPlace | null {
  const start = startOfWord(text, at);
  const word = text.slice(start, at);
  const opened = /^[!(]*/.exec(word)?.[0].length ?? 0;
  const bare = word.slice(opened);
  if (bare.startsWith('"')) return null;
  const colon = bare.indexOf(':');
  if (colon < 0) return {kind: 'key', from: start + opened, part: bare};
  const key = bare.slice(0, colon);
  const value = bare.slice(colon + 1);
  const before = /^(\[?(?:[^",\]]*,)*\s*|(?:>=|<=|>|<))?"?/.exec(value)?.[0] ?? '';
  return {kind: 'value', from: start + opened + colon + 1 + before.replace(/"$/, '').length, key, part: value.slice(before.length)};
}

/** A space ends a word, unless it is quoted. */
function startOfWord(text: string, at: number): number {
  let start = 0;
  let isQuoted = false;
  for (let place = 0; place < at; place += 1) {
    if (text[place] === '"' && text[place - 1] !== '\\') isQuoted = !isQuoted;
    else if (!isQuoted && /\s/.test(text[place] ?? '')) start = place + 1;
  }
  return start;
}
