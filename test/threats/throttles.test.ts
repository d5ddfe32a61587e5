import { afterEach, describe, expect, test } from 'bun:test';
import { rates } from '#doors/http/rates.ts';
import { createTestApp, PASSWORD, type TestApp, type TestAppOptions } from '#test/harness/app.ts';

let app: TestApp;
afterEach(() => app.close());

const ATTEMPTS = 10;

async function open(options: TestAppOptions = {}): Promise<void> {
  app = await createTestApp({
    still: true,
    settings: { mode: 'community', registration: 'open' },
    ...options,
  });
  await app.person('ann', 'owner');
  await app.person('ben');
}

/** Guesses a password as somebody at this address who writes these headers. */
async function guess(
  name: string,
  address: string,
  headers: Record<string, string> = {},
  path = '/sign-in',
): Promise<number> {
  const form = { username: name, password: 'not the password of anybody', next: '/' };
  const same = { 'sec-fetch-site': 'same-origin', ...headers };
  return (await app.request(path, { form, headers: same, address })).status;
}

/** The headers by which programs are told who stands behind a proxy. */
const CLAIMS = [
  'x-forwarded-for',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'fastly-client-ip',
  'x-forwarded',
  'forwarded-for',
];

/** A new claim each time, in every header that there is for it. */
function claims(index: number): Record<string, string> {
  const made = Object.fromEntries(CLAIMS.map((name) => [name, `198.51.100.${index}`]));
  return { ...made, forwarded: `for=198.51.100.${index};proto=https` };
}

describe('T94: who guesses passwords', () => {
  test('T94: is not taken for somebody else by what the request says of itself', async () => {
    await open();
    for (let n = 0; n < ATTEMPTS; n += 1) {
      expect(await guess(`nobody${n}`, '203.0.113.7', claims(n))).toBe(422);
    }
    expect(await guess('nobody', '203.0.113.7', claims(99))).toBe(429);
    expect(await guess('nobody', '203.0.113.8')).toBe(422);
  });

  test('T94: is one, from wherever in their own /64 they come', async () => {
    await open();
    for (let n = 0; n < ATTEMPTS; n += 1) {
      const host = (0xffff_ffff - n * 7919).toString(16).padStart(8, '0');
      const address = `2001:db8:7:1:${host.slice(0, 4)}:${host.slice(4)}:0:${n}`;
      expect(await guess(`nobody${n}`, address)).toBe(422);
    }
    expect(await guess('nobody', '2001:db8:7:1::1')).toBe(429);
    expect(await guess('nobody', '2001:db8:7:2::1')).toBe(422);
    expect(await guess('nobody', '::ffff:192.0.2.1')).toBe(422);
  });

  test('T94: of one person has ten guesses, from however many addresses and in any spelling', async () => {
    await open();
    const spellings = ['ben', ' Ben', 'BEN ', '@ben', 'bEn'];
    for (let n = 0; n < ATTEMPTS; n += 1) {
      expect(await guess(spellings[n % spellings.length] ?? '', `192.0.2.${n}`)).toBe(422);
    }
    expect(await guess('ben', '192.0.2.200')).toBe(429);
    const right = await app.request('/sign-in', {
      form: { username: 'ben', password: PASSWORD },
      headers: { 'sec-fetch-site': 'same-origin' },
      address: '192.0.2.201',
    });
    expect(right.status).toBe(429);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await guess('ann', '192.0.2.202')).toBe(422);
    app.clock.advance(5 * 60_000 + 1);
    expect(await guess('ben', '192.0.2.203')).toBe(422);
  });

  test('T94: cannot put addresses in front of the one that a trusted proxy saw', async () => {
    await open({ config: { trustedProxies: ['127.0.0.1'] } });
    const seen = (n: number) => ({
      ...claims(n),
      'x-forwarded-for': `198.51.100.${n}, 203.0.113.7`,
    });
    for (let n = 0; n < ATTEMPTS; n += 1) {
      expect(await guess(`nobody${n}`, '127.0.0.1', seen(n))).toBe(422);
    }
    expect(await guess('nobody', '127.0.0.1', seen(99))).toBe(429);
    expect(await guess('nobody', '127.0.0.1', { 'x-forwarded-for': '203.0.113.8' })).toBe(422);
  });

  test('T94: finds no spelling of the address that is not counted', async () => {
    await open();
    const paths = ['/sign-in', '/sign-in/', '/sign-in?a=1', '//sign-in', '/Sign-In', '/sign%2Din'];
    for (let n = 0; n < 60; n += 1) {
      await guess(`nobody${n}`, '203.0.113.7', {}, paths[n % paths.length]);
    }
    for (const path of paths) {
      expect([path, await guess('nobody', '203.0.113.7', {}, path)]).not.toEqual([path, 422]);
    }
  });
});

describe('T94: who asks programs’ addresses', () => {
  /** How many answers of one address remain, whatever is asked. */
  async function remaining(path: string, options = {}): Promise<number> {
    const answer = await app.request(path, { address: '203.0.113.7', ...options });
    const left = answer.headers.get('x-ratelimit-remaining');
    return left === null ? Number.NaN : Number(left);
  }

  test('T94: is counted under every spelling, method and claim, known address or not', async () => {
    await open();
    let left = await remaining('/api/v1/instance');
    expect(left).toBe(rates.address.limit - 1);
    const form = { grant_type: 'client_credentials', client_id: 'x', client_secret: 'y' };
    for (const [path, options] of [
      ['/api/v1/instance/', {}],
      ['/api/v1/instance?x=1', { headers: claims(1) }],
      ['/api/v1/instance', { method: 'HEAD' }],
      ['/api/v1/nothing', { method: 'DELETE' }],
      ['/api//v1/instance', {}],
      ['/oauth/token', { form }],
      ['/oauth/token/', { form }],
      ['/oauth/token?x=1', { form, headers: claims(2) }],
      ['/oauth/revoke/', { form }],
      ['/.well-known/webfinger?resource=acct:ann@localhost', {}],
      ['/api/v1/timelines/home', { token: 'guessed' }],
    ] as const) {
      const now = await remaining(path, options);
      expect([path, now]).toEqual([path, left - 1]);
      left = now;
    }
  });
});
