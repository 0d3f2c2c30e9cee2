// Snippets can be pasted as they are, whatever the address looks like.
import {execFileSync} from 'node:child_process';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {shellWord, SNIPPETS} from './snippets.ts';

test('a shell reads a word back as it was', () => {
  fc.assert(
    fc.property(fc.string({maxLength: 30}).filter(text => !/[\0]/.test(text)), text => {
      expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], {encoding: 'utf8'})).toBe(text);
    }),
    {numRuns: 20},
  );
});

test.each(SNIPPETS)('$title names the address and has something to try', snippet => {
  const address = {dsn: 'http://key@host:9000/1', otlp: 'http://host:9000/api/1/otlp', key: 'key'};
  const text = snippet.code(address);
  expect(text).toMatch(/http:\/\/(key@)?host:9000/);
  expect(snippet.tryOut(address)).not.toBe('');
});
