// Checks the sizes and first lines of our own source, as tools/tidy.py does for Python.
import {readdirSync, readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {exit} from 'node:process';

const LINES_MAX = 400;
const BANNED = /^(utils?|helpers?|common|manager|misc)\./;
const REASON_NEEDED = /(oxlint-disable|eslint-disable|@ts-expect-error|@ts-ignore)[^\n]*/;
const root = new URL('../', import.meta.url);
const faults: string[] = [];

for (const folder of ['src', 'tools']) {
  for (const name of readdirSync(new URL(folder, root), {recursive: true, encoding: 'utf8'})) {
    if (!/\.(tsx?|css)$/.test(name) || name.endsWith('wire/schema.ts')) continue;
    const path = `${folder}/${name}`;
    const text = readFileSync(new URL(path, root), 'utf8');
    const lines = text.split('\n');
    if (lines.length > LINES_MAX + 1) faults.push(`${path}: ${lines.length} lines, more than ${LINES_MAX}`);
    if (BANNED.test(basename(path))) faults.push(`${path}: name it by what it is for`);
    if (!/^(\/\/ |\/\* )[A-Z]/.test(text)) faults.push(`${path}: begin with a sentence that says what it is for`);
    for (const [at, line] of lines.entries()) {
      const disabled = path.startsWith('tools/') ? null : REASON_NEEDED.exec(line);
      if (disabled && !disabled[0].includes(' -- ')) faults.push(`${path}:${at + 1}: say why, after --`);
      if (/\b(TODO|FIXME)\b/.test(line) && !path.startsWith('tools/')) faults.push(`${path}:${at + 1}: do it now`);
    }
  }
}
for (const fault of faults) console.error(fault);
console.log(`  ${faults.length} faults`);
exit(faults.length > 0 ? 1 : 0);
