import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeeper, type Keeper } from '#app/https/keep-certificate.ts';
import { createTlsStore } from '#base/platform/tls/store.ts';
import { freePort } from '#test/harness/binary.ts';
import { makeAuthority, makeLeaf } from '#test/harness/openssl.ts';
import { silentLog } from '#test/harness/silent-log.ts';

const MINUTE = 60_000;
const YEAR = 365 * 24 * 60 * MINUTE;

let root = '';
let time = 0;
let told: (string | null)[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tintype-keeper-'));
  time = Date.now();
  told = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** One after a restart: it knows what is on the disk, and its authorities are out of reach. */
async function keeper(directories = 1): Promise<Keeper> {
  const addresses: string[] = [];
  for (let each = 0; each < directories; each += 1) {
    addresses.push(`https://127.0.0.1:${await freePort()}/dir`);
  }
  return createKeeper({
    config: { names: ['photos.example.org'], directories: addresses },
    store: createTlsStore(root),
    log: silentLog,
    now: () => time,
    use: () => undefined,
    show: async () => () => undefined,
    tell: (problem) => told.push(problem),
    userAgent: 'Tintype',
    signal: new AbortController().signal,
  });
}

const failures = (): number => createTlsStore(root).readState().failures;

test('tries grow rarer, also across restarts', async () => {
  const delays: number[] = [];
  for (let round = 1; round <= 5; round += 1) {
    const started = await keeper();
    expect(await started.check()).toContain('does not answer');
    expect(failures()).toBe(round);
    expect(await (await keeper()).check()).toContain('next try');
    delays.push((started.nextAt() - time) / MINUTE);
    time = started.nextAt();
  }
  expect(failures()).toBe(5);
  for (const [index, least] of [2, 5, 15, 30, 60].entries()) {
    expect(delays[index]).toBeGreaterThanOrEqual(least);
    expect(delays[index]).toBeLessThan(least * 1.21);
  }
  expect(told).toHaveLength(5);
});

test('every authority is asked in its turn, and one that does not answer is left alone', async () => {
  await (await keeper(3)).check();
  const { directories } = createTlsStore(root).readState();
  expect(Object.values(directories).map(({ restUntil }) => restUntil - time)).toEqual(
    Array(3).fill(2 * MINUTE),
  );
});

test('a try that was cut short counts like one that failed', async () => {
  // Noted before anybody is asked, so whoever dies over it comes back to this.
  const running = (await keeper()).check();
  expect(failures()).toBe(1);
  await running;
});

test('T127: a wait that a wrong clock noted years ahead does not keep the certificate away', async () => {
  time += 10 * YEAR;
  await (await keeper()).check();
  time -= 10 * YEAR;
  const back = await keeper();
  expect(back.nextAt()).toBe(0);
  expect(await back.check()).toContain('does not answer');
  expect(failures()).toBe(2);
});

test('a certificate that is good is left as it is; one for another name is not ours', async () => {
  await makeAuthority(root);
  for (const name of ['photos.example.org', 'other.example.org']) {
    await makeLeaf(root, 'leaf', [`DNS:${name}`]);
    const [chain, key] = await Promise.all(
      ['leaf.pem', 'leaf.key'].map((file) => Bun.file(join(root, file)).text()),
    );
    createTlsStore(root).writeCertificate(chain ?? '', key ?? '');
    const ours = name === 'photos.example.org';
    const kept = await keeper();
    expect(kept.current() !== null).toBe(ours);
    expect(await kept.check()).toContain(ours ? 'good until' : 'does not answer');
  }
  time += YEAR;
  expect((await keeper()).current()).toBeNull();
});
