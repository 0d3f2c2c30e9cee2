// Puts a brotli and a gzip form beside each built file that is worth it.
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {argv} from 'node:process';
import {brotliCompressSync, constants, gzipSync} from 'node:zlib';

const WORTH_BYTES_MIN = 1024;
const folder = argv[2];
if (folder === undefined) throw new Error('name the folder of the built pages');

for (const name of readdirSync(folder, {recursive: true, encoding: 'utf8'})) {
  if (!/\.(js|css|html|svg|json|txt)$/.test(name)) continue;
  const path = join(folder, name);
  const bytes = readFileSync(path);
  if (bytes.length < WORTH_BYTES_MIN) continue;
  writeFileSync(`${path}.gz`, gzipSync(bytes, {level: 9}));
  writeFileSync(
    `${path}.br`,
    brotliCompressSync(bytes, {params: {[constants.BROTLI_PARAM_QUALITY]: 11}}),
  );
}
