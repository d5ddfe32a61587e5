import { afterAll, beforeAll, describe, expect, setDefaultTimeout, spyOn, test } from 'bun:test';
import { createTestApp, type TestApp } from '#test/harness/app.ts';

setDefaultTimeout(120_000);

const SAMPLES = 4;

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({
    settings: { mode: 'community', registration: 'open' },
    config: { origin: 'https://photos.example' },
  });
  await app.person('ann', 'owner');
  for (let each = 0; each < SAMPLES; each += 1) await app.person(`known${each}`);
});
afterAll(() => app.close());

/** What a stranger sees of an answer, without the name that was typed. */
async function look(answer: Response, name: string): Promise<string> {
  const headers = [...answer.headers].filter(([key]) => !/^x-(request|ratelimit)/.test(key));
  const text = await answer.text();
  return JSON.stringify([answer.status, headers, text]).replaceAll(name, '*');
}

/** Tries this name from an address of its own, so that nobody is throttled. */
async function tryName(name: string, index: number): Promise<{ seen: string }> {
  const answer = await app.request('/sign-in', {
    form: { username: name, password: 'not the password of anybody', next: '/' },
    headers: { 'sec-fetch-site': 'same-origin' },
    address: `198.51.100.${index}`,
  });
  return { seen: await look(answer, name) };
}

describe('T93: who tries names', () => {
  test('reads the same whether there is such a person or not, after the same work', async () => {
    const texts = new Set<string>();
    const work = new Set<string>();
    // What takes the time is the hash. How it is made says how long it takes; a clock on a machine
    // with other work would not.
    const hash = spyOn(Bun.password, 'verify');
    for (let each = 0; each < SAMPLES; each += 1) {
      for (const name of [`known${each}`, `other${each}`]) {
        hash.mockClear();
        const { seen } = await tryName(name, each * 2 + (name.startsWith('k') ? 0 : 1));
        texts.add(seen);
        const made = hash.mock.calls.map(
          ([, text]) => /^\$[^$]+\$[^$]+\$[^$]+/.exec(String(text))?.[0],
        );
        work.add(JSON.stringify(made));
      }
    }
    hash.mockRestore();
    expect(texts.size).toBe(1);
    expect([...work]).toEqual([
      expect.stringMatching(/^\["\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+"\]$/),
    ]);
  });

  test('learns nothing from links that were never made', async () => {
    const seen = new Set<string>();
    for (const token of ['a'.repeat(26), 'b'.repeat(26), 'zqzq', 'known1']) {
      seen.add(await look(await app.request(`/reset/${token}`), token));
    }
    expect(seen.size).toBe(1);
  });

  test('learns nothing of apps: an unknown one and a wrong secret are the same', async () => {
    const made = await app.request('/api/v1/apps', {
      json: { client_name: 'x', redirect_uris: 'myapp://x', scopes: 'read' },
    });
    const { client_id } = (await made.json()) as { client_id: string };
    const seen = new Set<string>();
    for (const id of [client_id, client_id.split('').reverse().join(''), 'nobody']) {
      const answer = await app.request('/oauth/token', {
        json: { grant_type: 'client_credentials', client_id: id, client_secret: 'wrong' },
      });
      seen.add(await look(answer, id));
    }
    expect(seen.size).toBe(1);
  });
});
