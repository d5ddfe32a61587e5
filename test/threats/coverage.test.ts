import { expect, test } from 'bun:test';
import { Glob } from 'bun';

const root = new URL('../', import.meta.url).pathname;

/** Ids of threats from federation that a test must name: T1 to T54, and what stands apart from them. */
const WANTED = [...range(1, 54), ...range(71, 74), ...range(104, 114), 126].map((n) => `T${n}`);

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Ids at the beginning of a name, or of what a table of tests puts there: `T41 T42: a picture …`. */
const NAME = /['"`]((?:T\d+,? )*T\d+)[: ]/g;

test('every threat from other servers is in the name of at least one test', async () => {
  const named = new Set<string>();
  for await (const path of new Glob('**/*.test.{ts,tsx}').scan(root)) {
    const text = await Bun.file(root + path).text();
    for (const [, ids = ''] of text.matchAll(NAME)) {
      for (const id of ids.match(/T\d+/g) ?? []) named.add(id);
    }
  }
  expect(WANTED.filter((id) => !named.has(id))).toEqual([]);
});
