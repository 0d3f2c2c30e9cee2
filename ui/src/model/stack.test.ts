// Exceptions and frames as a page shows them.
import {describe, expect, it} from 'vitest';
import type {EventForm, Json} from '../wire/schema.ts';
import {foldFrames, rawStack, thrownOf} from './stack.ts';

function event(values: Json): EventForm {
  return {entries: [{type: 'exception', data: {values}}]} as unknown as EventForm;
}

const CHAIN = event([
  {type: 'KeyError', value: "'id'", stacktrace: {frames: [{function: 'read', filename: 'a.py', lineNo: 3, inApp: true}]}},
  {
    type: 'ValueError',
    value: 'no id',
    mechanism: {type: 'generic', handled: false},
    stacktrace: {
      frames: [
        {function: 'serve', filename: 'lib/web.py', lineNo: 9, inApp: false},
        {function: 'call', filename: 'lib/web.py', lineNo: 12, inApp: false},
        {function: 'handle', filename: 'shop.py', lineNo: 7, inApp: true, context: [[6, 'x = 1'], [7, 'raise ValueError']], vars: {x: '1'}},
      ],
    },
  },
]);

describe('the exceptions of an event', () => {
  it('begin with what was seen, its causes come after it', () => {
    expect(thrownOf(CHAIN).map(each => each.type)).toEqual(['ValueError', 'KeyError']);
    expect(thrownOf(CHAIN)[0]?.isHandled).toBe(false);
  });
  it('show the frame that failed first, with its source', () => {
    const [first] = thrownOf(CHAIN)[0]?.frames ?? [];
    expect(first?.function).toBe('handle');
    expect(first?.source.at(-1)).toEqual({line: 7, text: 'raise ValueError'});
  });
  it('fold what is not of the program', () => {
    expect(foldFrames(thrownOf(CHAIN)[0]?.frames ?? []).map(each => each.frames.length)).toEqual([1, 2]);
  });
  it('show every frame when none is of the program', () => {
    const frames = (thrownOf(CHAIN)[0]?.frames ?? []).map(frame => ({...frame, isInApp: false}));
    expect(foldFrames(frames)).toHaveLength(3);
  });
  it('can be pasted', () => {
    expect(rawStack(thrownOf(CHAIN))).toBe("ValueError: no id\n    at handle (shop.py:7)\n    at call (lib/web.py:12)\n    at serve (lib/web.py:9)\nCaused by: KeyError: 'id'\n    at read (a.py:3)");
  });
  it('survive whatever a sender says', () => {
    expect(thrownOf(event([null, 'x', {stacktrace: 7}, {stacktrace: {frames: [null, {context: [1, [null, 2]]}]}}]))).toHaveLength(4);
    expect(thrownOf(event(null))).toEqual([]);
  });
});
