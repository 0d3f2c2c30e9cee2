// Checks the rooms of src, and that the checker sees violations that are planted for it.
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {exit} from 'node:process';
import {findRoomFaults} from './room_rules.ts';

const HERE = new URL('..', import.meta.url).pathname;

/** Each file but the first of a plant is imported by the first, which it may not be. */
const PLANTS: readonly (readonly [rule: string, importer: string, imported: string, words: string])[] = [
  ['rooms-are-strangers', 'src/rooms/a/page.ts', 'src/rooms/b/page.ts', 'import {x}'],
  ['base-reads-only-what-it-may', 'src/base/a.ts', 'src/wire/b.ts', 'import type {x}'],
  ['widgets-reads-only-what-it-may', 'src/widgets/a.tsx', 'src/model/b.ts', 'import {x}'],
  ['rooms-reads-only-what-it-may', 'src/rooms/a/page.tsx', 'src/app/b.ts', 'import type {x}'],
];

async function plantsSeen(): Promise<string[]> {
  const missed: string[] = [];
  for (const [rule, importer, imported, words] of PLANTS) {
    const folder = mkdtempSync(join(tmpdir(), 'rooms-'));
    for (const file of [importer, imported]) mkdirSync(join(folder, dirname(file)), {recursive: true});
    const up = '../'.repeat(importer.split('/').length - 1);
    writeFileSync(join(folder, importer), `${words} from './${up}${imported}';\nexport const y: x = 1;\n`);
    writeFileSync(join(folder, imported), 'export const x = 1;\nexport type x = number;\n');
    const {faults} = await findRoomFaults(folder);
    if (!faults.some(fault => fault.startsWith(rule))) missed.push(`${rule}: ${importer} → ${imported}`);
    rmSync(folder, {recursive: true});
  }
  return missed;
}

const missed = await plantsSeen();
for (const each of missed) console.error(`planted, but not seen: ${each}`);
const {moduleCount, faults} = await findRoomFaults(HERE);
for (const fault of faults) console.error(fault);
console.log(`  ${moduleCount} modules, ${faults.length} faults, ${PLANTS.length - missed.length} of ${PLANTS.length} planted ones seen`);
exit(faults.length + missed.length > 0 || moduleCount < 5 ? 1 : 0);
