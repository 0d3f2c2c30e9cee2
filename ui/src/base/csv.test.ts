// Files for spreadsheets.
import {expect, test} from 'vitest';
import {writeCsv} from './csv.ts';

test('what has commas, quotes or lines is quoted', () => {
  expect(writeCsv(['a', 'b'], [['x,y', 'he said "no"\nand left']])).toBe('a,b\r\n"x,y","he said ""no""\nand left"\r\n');
});

test('a text from outside is no formula, a negative number is a number', () => {
  expect(writeCsv(['a', 'b'], [['=HYPERLINK("x")', -3]])).toBe('a,b\r\n"\'=HYPERLINK(""x"")",-3\r\n');
});

test('what is missing is empty, what is nested is JSON', () => {
  expect(writeCsv(['a', 'b'], [[null, ['x']]])).toBe('a,b\r\n,"[""x""]"\r\n');
});
