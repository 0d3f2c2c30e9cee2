// Writes the answer of a trace of a given size to a file, for measurements.
import {writeFileSync} from 'node:fs';
import {argv} from 'node:process';
import {largeTrace} from '../src/model/random_trace.ts';

const [, , count, path] = argv;
if (count === undefined || path === undefined) throw new Error('give a number of spans and a file');
writeFileSync(path, JSON.stringify(largeTrace(Number(count))));
