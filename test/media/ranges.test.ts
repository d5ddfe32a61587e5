import { expect, test } from 'bun:test';
import { allowsRange, readRange } from '#doors/http/ranges.ts';

const part = (start: number, end: number) => ({ kind: 'part', start, end }) as const;
const whole = { kind: 'whole' } as const;
const none = { kind: 'unsatisfiable' } as const;

test.each([
  ['bytes=0-0', part(0, 0)],
  ['bytes=0-99', part(0, 99)],
  ['bytes=0-100', part(0, 99)],
  ['bytes=10-', part(10, 99)],
  ['bytes=99-', part(99, 99)],
  ['bytes=-1', part(99, 99)],
  ['bytes=-100', part(0, 99)],
  ['bytes=-5000', part(0, 99)],
  ['BYTES=5-9', part(5, 9)],
  ['bytes=00005-9', part(5, 9)],
  ['bytes=100-', none],
  ['bytes=100-200', none],
  ['bytes=999999999999999-', none],
  ['bytes=-0', none],
  ['bytes=', whole],
  ['bytes=-', whole],
  ['bytes=9-5', whole],
  ['bytes=a-b', whole],
  ['bytes=1.5-2', whole],
  ['bytes=-1-2', whole],
  ['bytes=0-0,-1', whole],
  ['bytes=0-,0-,0-', whole],
  ['bytes 0-5', whole],
  ['items=0-5', whole],
  ['bytes=9999999999999999999999-', whole],
  [null, whole],
])('T69: %p of 100 bytes', (header, answer) => {
  expect(readRange(header, 100)).toEqual(answer);
});

test('T69: nothing of an empty file can be a range', () => {
  expect(readRange('bytes=0-', 0)).toEqual(none);
  expect(readRange('bytes=-1', 0)).toEqual(none);
});

test('T69: only the same strong ETag lets a range be answered', () => {
  expect(allowsRange(null, '"a"')).toBe(true);
  expect(allowsRange('"a"', '"a"')).toBe(true);
  expect(allowsRange('W/"a"', '"a"')).toBe(false);
  expect(allowsRange('"b"', '"a"')).toBe(false);
  expect(allowsRange('Sun, 22 Nov 2026 22:18:52 GMT', '"a"')).toBe(false);
});
