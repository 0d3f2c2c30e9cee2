// Prints the table of built chunks and fails when the first screen is heavier than its budget.
import {readFileSync} from 'node:fs';
import {exit} from 'node:process';
import {gzipSync} from 'node:zlib';

type Chunk = {file: string; isEntry?: boolean; imports?: string[]; css?: string[]; src?: string};

const FIRST_SCREEN_KB_MAX = 150;
const ROUTE_KB_MAX = 120;
const PAGES = new URL('../../src/vedette/ui_pages/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('manifest.json', PAGES), 'utf8')) as Record<string, Chunk>;

const kb = (file: string): number => gzipSync(readFileSync(new URL(file, PAGES)), {level: 9}).length / 1000;

/** Returns the chunks that a chunk needs before it runs, itself among them. */
function closure(name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (chunk === undefined || seen.has(name)) return seen;
  seen.add(name);
  for (const each of chunk.imports ?? []) closure(each, seen);
  return seen;
}

const entry = Object.keys(manifest).find(name => manifest[name]?.isEntry);
if (entry === undefined) throw new Error('no entry in manifest.json');
const first = closure(entry);
const scripts = Object.entries(manifest).filter(([, chunk]) => chunk.file.endsWith('.js'));
const rows = scripts.map(([name, chunk]) => ({name, kb: kb(chunk.file), first: first.has(name)}));
rows.sort((one, other) => Number(other.first) - Number(one.first) || other.kb - one.kb);
for (const row of rows) {
  console.log(`  ${row.kb.toFixed(1).padStart(7)} kB gz  ${row.first ? 'first ' : 'lazy  '} ${row.name}`);
}
const total = rows.filter(row => row.first).reduce((sum, row) => sum + row.kb, 0);
console.log(`  first screen ${total.toFixed(1)} of ${FIRST_SCREEN_KB_MAX} kB gz`);
const faults = total > FIRST_SCREEN_KB_MAX ? ['the first screen is over its budget'] : [];
for (const [name, chunk] of scripts) {
  if (!chunk.src?.startsWith('src/rooms/')) continue;
  const own = [...closure(name)].filter(each => !first.has(each));
  const sum = own.reduce((all, each) => all + kb(manifest[each]?.file ?? ''), 0);
  console.log(`  route ${chunk.src}: ${sum.toFixed(1)} kB gz more`);
  if (sum > ROUTE_KB_MAX) faults.push(`${chunk.src} is over its budget`);
}
for (const fault of faults) console.error(`size: ${fault}`);
exit(faults.length > 0 ? 1 : 0);
