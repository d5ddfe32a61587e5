import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { fastest } from '#test/harness/fastest.ts';
import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';
import { createPeer, type PeerActor } from '#test/harness/peer.ts';
import type { Deviation } from '#test/harness/peer-signatures.ts';
import { knock, outcome, signedRequest, verdict } from './signing-world.ts';

const peer = createPeer({ address: '127.0.0.3' });
let app: FederatedApp;
let bob: PeerActor;
let ben: PeerActor;

beforeAll(async () => {
  app = await createFederatedApp({ address: '127.0.0.2' });
  await app.person('anna', 'owner');
  bob = peer.actor('bob');
  ben = peer.actor('ben');
});
afterAll(async () => {
  await app.close();
  await peer.close();
});

const SCHEMES = ['cavage', 'rfc9421'] as const;
const HOUR = 3_600_000;
const sha = (name: string, body: string) => createHash(name).update(body).digest('base64');
const BODY = '{"type":"Like"}';

/** What every deviation leads to, by its name. */
async function outcomes(
  scheme: (typeof SCHEMES)[number],
  deviations: Record<string, Deviation>,
): Promise<Record<string, string>> {
  const ends: Record<string, string> = {};
  for (const [name, tamper] of Object.entries(deviations)) {
    ends[name] = await outcome(app, { as: bob, scheme, tamper });
  }
  return ends;
}

function all(deviations: Record<string, Deviation>, end: string): Record<string, string> {
  return Object.fromEntries(Object.keys(deviations).map((name) => [name, end]));
}

describe('A signed request', () => {
  for (const scheme of SCHEMES) {
    for (const method of ['GET', 'POST'] as const) {
      test(`tells who sent it: ${method} after ${scheme}`, async () => {
        const end = await knock(app, { as: bob, scheme, method });
        expect(end).toMatchObject({ signer: { keyId: bob.keyId, account: { uri: bob.uri } } });
      });
    }
    test(`may cover its query or leave it out: ${scheme}`, async () => {
      const path = '/users/anna/outbox?page=true';
      const method = 'GET';
      expect(await outcome(app, { as: bob, scheme, method, path })).toBe('accepted');
      if (scheme === 'rfc9421') return;
      const tamper = { target: '/users/anna/outbox' };
      expect(await outcome(app, { as: bob, scheme, method, path, tamper })).toBe('accepted');
    });
  }
  test('may name hs2019, no algorithm by another word, and its digest in small letters', async () => {
    const small = `sha-256=${sha('sha256', BODY)}`;
    const good = {
      hs2019: { algorithm: 'hs2019' },
      small: { digest: small },
      both: { digest: `SHA-512=${sha('sha512', BODY)},${small}` },
      unknown: { digest: `MD5=abc,${small}` },
    };
    expect(await outcomes('cavage', good)).toEqual(all(good, 'accepted'));
  });
  test('may be signed with (created) instead of a date', async () => {
    const { request, body } = signedRequest(app, { as: bob });
    const created = Math.floor(Date.now() / 1000);
    const digest = request.headers.get('digest') ?? '';
    const names = '(request-target) host (created) digest';
    const text = `(request-target): post /inbox\nhost: ${app.host}\n(created): ${created}\ndigest: ${digest}`;
    const signature = sign('sha256', Buffer.from(text), bob.privateKey).toString('base64');
    const header = `keyId="${bob.keyId}",algorithm="hs2019",created=${created},headers="${names}",signature="${signature}"`;
    request.headers.set('signature', header);
    expect(await verdict(app, request, body)).toHaveProperty('signer');
  });
  test('may come through a proxy that gave it another host', async () => {
    for (const scheme of SCHEMES) {
      const { request, body } = signedRequest(app, { as: bob, scheme });
      request.headers.set('host', '127.0.0.1:8080');
      expect(await verdict(app, request, body)).toHaveProperty('signer');
    }
  });
  test('of an account with an Ed25519 key is good after RFC 9421', async () => {
    const pair = generateKeyPairSync('ed25519');
    const pem = String(pair.publicKey.export({ type: 'spki', format: 'pem' }));
    const eve = peer.actor('eve');
    eve.document.publicKey = { id: eve.keyId, owner: eve.uri, publicKeyPem: pem };
    const { request, body } = signedRequest(app, { as: eve, scheme: 'rfc9421' });
    const created = Math.floor(Date.now() / 1000);
    const input = `("@method" "@target-uri" "content-digest");created=${created};keyid="${eve.keyId}";alg="ed25519"`;
    const digest = request.headers.get('content-digest');
    const base = `"@method": POST\n"@target-uri": ${request.url}\n"content-digest": ${digest}\n"@signature-params": ${input}`;
    const signature = sign(null, Buffer.from(base), pair.privateKey).toString('base64');
    request.headers.set('signature-input', `sig1=${input}`);
    request.headers.set('signature', `sig1=:${signature}:`);
    expect(await verdict(app, request, body)).toMatchObject({ signer: { keyId: eve.keyId } });
  });
});

describe('T1:', () => {
  test('an unsigned request is refused and nobody is asked', async () => {
    const before = peer.requests.length;
    const request = new Request(`${app.origin}/inbox`, { method: 'POST', body: BODY });
    expect(await verdict(app, request, Buffer.from(BODY))).toMatchObject({
      refused: 'unauthorized',
    });
    expect(peer.requests.length).toBe(before);
  });
});

describe('T13:', () => {
  test('a body that does not fit its digest, or has none that counts, is refused', async () => {
    const right = sha('sha256', BODY);
    const bad: Record<string, Deviation> = {
      'another body': { sentBody: '{"type":"Lik3"}' },
      'another digest': { digest: `SHA-256=${sha('sha256', 'x')}` },
      'no digest': { digest: null },
      'only unknown': { digest: 'MD5=abc' },
      'one of two wrong': { digest: `SHA-256=${right},SHA-512=${sha('sha512', 'x')}` },
      'unknown and wrong': { digest: `MD5=abc,SHA-256=${sha('sha256', 'x')}` },
      rubbish: { digest: 'rubbish' },
      empty: { digest: 'SHA-256=' },
      short: { digest: `SHA-256=${right.slice(0, 20)}` },
    };
    expect(await outcomes('cavage', bad)).toEqual(all(bad, 'unauthorized'));
    const modern: Record<string, Deviation> = {
      'another body': { sentBody: '{"type":"Lik3"}' },
      'no digest': { digest: null },
      'only unknown': { digest: 'md5=:abcd:' },
      'one of two wrong': { digest: `sha-256=:${right}:, sha-512=:${sha('sha512', 'x')}:` },
      rubbish: { digest: 'sha-256=' },
      text: { digest: `sha-256="${right}"` },
    };
    expect(await outcomes('rfc9421', modern)).toEqual(all(modern, 'unauthorized'));
  });
  test('a second digest of the other standard has to be right, too', async () => {
    const wrong = { headers: { 'content-digest': `sha-256=:${sha('sha256', 'x')}:` } };
    expect(await outcome(app, { as: bob, tamper: wrong })).toBe('unauthorized');
    const right = { headers: { 'content-digest': `SHA-256=:${sha('sha256', BODY)}:` } };
    expect(await outcome(app, { as: bob, tamper: right })).toBe('accepted');
  });
});

test('T14: a signature that leaves out target, host, date or digest is refused', async () => {
  const whole = ['(request-target)', 'host', 'date', 'digest'];
  const bad: Record<string, Deviation> = Object.fromEntries(
    whole.map((name) => [name, { covered: whole.filter((each) => each !== name) }]),
  );
  bad.nothing = { covered: [] };
  bad.twice = { covered: [...whole, 'date'] };
  bad.missing = { covered: [...whole, 'x-not-there'] };
  bad.odd = { covered: [...whole, 'a/b'] };
  bad.many = { covered: [...whole, ...Array.from({ length: 40 }, (_, index) => `x-${index}`)] };
  expect(await outcomes('cavage', bad)).toEqual(all(bad, 'unauthorized'));
  expect(await outcomes('cavage', { whole: { covered: whole } })).toEqual({ whole: 'accepted' });
});

test('T15: RFC 9421 has to cover the method, the address and the body', async () => {
  const bad: Record<string, Deviation> = {
    'method alone': { covered: ['@method'] },
    'no body': { covered: ['@method', '@target-uri'] },
    'no method': { covered: ['@target-uri', 'content-digest'] },
    'no address': { covered: ['@method', 'content-digest'] },
    'path alone': { covered: ['@method', '@path', 'content-digest'] },
    'host alone': { covered: ['@method', '@authority', 'content-digest'] },
    twice: { covered: ['@method', '@method', '@target-uri', 'content-digest'] },
    missing: { covered: ['@method', '@target-uri', 'content-digest', 'x-not-there'] },
    unknown: { covered: ['@method', '@target-uri', 'content-digest', '@what'] },
    'another path': { target: `${app.origin}/users/anna/inbox` },
    'another server': { target: 'https://elsewhere.example/inbox' },
    'another body': { sentBody: '{}' },
  };
  expect(await outcomes('rfc9421', bad)).toEqual(all(bad, 'unauthorized'));
  const good = {
    parts: { covered: ['@method', '@authority', '@path', 'content-digest'] },
    more: { covered: ['@method', '@target-uri', 'content-digest', 'date', 'content-type'] },
  };
  expect(await outcomes('rfc9421', good)).toEqual(all(good, 'accepted'));
});

test('T15: with path and host alone, a query has to be covered, too', async () => {
  const how = { as: bob, scheme: 'rfc9421', method: 'GET', path: '/users/anna?x=1' } as const;
  const covered = ['@method', '@authority', '@path'];
  expect(await outcome(app, { ...how, tamper: { covered } })).toBe('unauthorized');
  const whole = { covered: [...covered, '@query'] };
  expect(await outcome(app, { ...how, tamper: whole })).toBe('accepted');
});

test('T16: two signatures, unknown or confused algorithms and odd times are refused', async () => {
  const now = Math.floor(Date.now() / 1000);
  const bad: Record<string, Deviation> = {
    hmac: { algorithm: 'hmac-sha256' },
    pss: { algorithm: 'rsa-pss-sha512' },
    ed25519: { algorithm: 'ed25519' },
    none: { algorithm: 'none' },
    expired: { parameters: { expires: now - 1 } },
    'expires some day': { parameters: { expires: 'later' } },
    'no time': { parameters: { created: null } },
    'a text as time': { parameters: { created: 'now' } },
    'from tomorrow': { parameters: { created: now + 7300 } },
    'from yesterday': { parameters: { created: now - 13 * 3600 } },
    'no key': { parameters: { keyid: null } },
    'signed twice': { headers: { signature: 'sig1=:abcd:, sig2=:abcd:' } },
    'other label': { headers: { signature: 'sig9=:abcd:' } },
    rubbish: { headers: { signature: '=:(' } },
    'no list': { headers: { 'signature-input': 'sig1=5' } },
    huge: { headers: { 'signature-input': `sig1=(${'"date" '.repeat(3000)})` } },
  };
  expect(await outcomes('rfc9421', bad)).toEqual(all(bad, 'unauthorized'));
  const good = {
    alg: { parameters: { alg: null } },
    tag: { parameters: { tag: 'x', nonce: 'y' } },
  };
  expect(await outcomes('rfc9421', good)).toEqual(all(good, 'accepted'));
  const confused = { hmac: { algorithm: 'hmac-sha256' }, ed25519: { algorithm: 'ed25519' } };
  expect(await outcomes('cavage', confused)).toEqual(all(confused, 'unauthorized'));
});

test('T17: a stale, early or odd date is refused', async () => {
  const at = (shift: number) => ({ date: new Date(Date.now() + shift).toUTCString() });
  const bad: Record<string, Deviation> = {
    'thirteen hours ago': at(-13 * HOUR),
    'in two hours': at(2 * HOUR),
    yesterday: { date: 'yesterday' },
    number: { date: '1700000000' },
    iso: { date: new Date().toISOString() },
    impossible: { date: 'Mon, 99 Foo 2026 99:99:99 GMT' },
    empty: { date: '' },
  };
  expect(await outcomes('cavage', bad)).toEqual(all(bad, 'unauthorized'));
  const good = { before: at(-11 * HOUR), after: at(HOUR / 2) };
  expect(await outcomes('cavage', good)).toEqual(all(good, 'accepted'));
});

test('T17: a creation time that is none is no date', async () => {
  const names = '(request-target) host (created) digest';
  for (const times of ['', 'created="soon",', 'created=1,', 'created=99999999999,', 'expires=1,']) {
    const { request, body } = signedRequest(app, { as: bob });
    const created = /created="?(\w+)/.exec(times)?.[1] ?? '';
    const text = [
      '(request-target): post /inbox',
      `host: ${app.host}`,
      `(created): ${created}`,
      `digest: ${request.headers.get('digest')}`,
    ].join('\n');
    const signature = sign('sha256', Buffer.from(text), bob.privateKey).toString('base64');
    const header = `keyId="${bob.keyId}",${times}headers="${names}",signature="${signature}"`;
    request.headers.set('signature', header);
    expect(await verdict(app, request, body)).toMatchObject({ refused: 'unauthorized' });
  }
});

describe('T18:', () => {
  test('a copy of a request has the same mark, another request another one', async () => {
    for (const scheme of SCHEMES) {
      const first = signedRequest(app, { as: bob, scheme });
      const marks: string[] = [];
      for (const { request, body } of [first, first, signedRequest(app, { as: ben, scheme })]) {
        const end = await verdict(app, request, body);
        if ('signer' in end) marks.push(end.signer.signatureHash);
      }
      expect(marks).toHaveLength(3);
      expect(new Set(marks).size).toBe(2);
    }
  });
  test('a request is no good at another inbox', async () => {
    for (const scheme of SCHEMES) {
      const { request, body } = signedRequest(app, { as: bob, scheme });
      const other = new Request(`${app.origin}/users/anna/inbox`, {
        method: 'POST',
        headers: request.headers,
      });
      expect(await verdict(app, other, body)).toMatchObject({ refused: 'unauthorized' });
    }
  });
});

test('T19: a request that was signed for another server is refused', async () => {
  const host = 'elsewhere.example';
  expect(await outcome(app, { as: bob, tamper: { host, headers: { host } } })).toBe('unauthorized');
  expect(await outcome(app, { as: bob, tamper: { host } })).toBe('unauthorized');
  const covered = ['@method', '@authority', '@path', 'content-digest'];
  const tamper = { host, covered, headers: { host } };
  expect(await outcome(app, { as: bob, scheme: 'rfc9421', tamper })).toBe('unauthorized');
});

test('T20: headers that come twice are refused as bad requests', async () => {
  const double = async (name: string) => {
    const { request, body } = signedRequest(app, { as: bob });
    request.headers.append(name, request.headers.get(name) ?? '');
    const end = await verdict(app, request, body);
    return 'refused' in end ? end.refused : 'accepted';
  };
  for (const name of ['host', 'date', 'digest', 'signature']) {
    expect(`${name} ${await double(name)}`).toBe(`${name} bad_request`);
  }
});

test('T23: a good signature tells the very actor, not only its server', async () => {
  const end = await knock(app, { as: ben });
  expect(end).toMatchObject({ signer: { account: { uri: ben.uri } } });
  const forged = await outcome(app, { as: ben, tamper: { keyId: bob.keyId } });
  expect(forged).toBe('unauthorized');
});

test('Signature headers of any shape are refused in milliseconds, never with an error of ours', async () => {
  const shapes = [
    'keyId',
    'keyId="',
    'keyId="a"',
    `keyId="${bob.keyId}"`,
    `keyId="${bob.keyId}",signature=""`,
    `keyId="${bob.keyId}",signature="${'a'.repeat(20_000)}"`,
    `keyId="${bob.keyId}",headers="(request-target) host date digest",signature="%%%%"`,
    `keyId="${bob.keyId}",headers="",signature="AAAA"`,
    `,,,,${'a='.repeat(3000)}`,
    `${' '.repeat(8000)}x`,
    'sig1=:AAAA:',
  ];
  for (const signature of shapes) {
    const { request, body } = signedRequest(app, { as: bob, tamper: { headers: { signature } } });
    const refuse = async () =>
      expect(await verdict(app, request, body)).toMatchObject({ refused: 'unauthorized' });
    expect(await fastest(refuse)).toBeLessThan(50);
  }
});

test('Whatever stands in the headers of a signature, the answer is a sentence and nobody is asked', async () => {
  const before = peer.requests.length;
  const piece = fc.constantFrom(
    ...['keyId="', '"', '=', ',', ':', ';', '(', ')', 'sig1=', 'headers="', 'signature="', ' '],
    ...['(request-target)', 'host', '@method', 'created', '9'.repeat(30), 'SHA-256', '?1', '\\'],
    ...['alg="rsa-v1_5-sha256"', ';keyid="x"', '%', 'é', '__proto__', 'AAAA', '-1', '1.5'],
  );
  const text = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));
  const record = {
    signature: text,
    'signature-input': fc.option(text, { nil: undefined }),
    digest: fc.option(text, { nil: undefined }),
    'content-digest': fc.option(text, { nil: undefined }),
    date: fc.option(text, { nil: undefined }),
  };
  await fc.assert(
    fc.asyncProperty(fc.record(record), async (headers) => {
      const { request, body } = signedRequest(app, { as: bob });
      for (const [name, value] of Object.entries(headers)) {
        if (value === undefined) request.headers.delete(name);
        else request.headers.set(name, value);
      }
      expect(await verdict(app, request, body)).toHaveProperty('refused');
    }),
    { numRuns: 500 },
  );
  expect(peer.requests.length).toBe(before);
});
