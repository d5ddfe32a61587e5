import { expect, test } from 'bun:test';
import { Glob } from 'bun';

const root = new URL('../', import.meta.url).pathname;

/** Ids of threats from other servers: T1 to T54, and what stands apart from them. */
const FROM_SERVERS = [...range(1, 54), ...range(71, 74), ...range(104, 114), 126];

/** Those from browsers, apps and whoever signs in. */
const FROM_CLIENTS = [75, 79, 80, 83, ...range(85, 103)];

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Ids at the beginning of a name, or of what a table of tests puts there: `T41 T42: a picture …`. */
const NAME = /['"`]((?:T\d+,? )*T\d+)[: ]/g;

test.each([
  ['other servers', FROM_SERVERS],
  ['browsers, apps and people', FROM_CLIENTS],
])('every threat from %s is in the name of at least one test', async (_, ids) => {
  const wanted = ids.map((n) => `T${n}`);
  const named = new Set<string>();
  for await (const path of new Glob('**/*.test.{ts,tsx}').scan(root)) {
    const text = await Bun.file(root + path).text();
    for (const [, found = ''] of text.matchAll(NAME)) {
      for (const id of found.match(/T\d+/g) ?? []) named.add(id);
    }
  }
  expect(wanted.filter((id) => !named.has(id))).toEqual([]);
});
