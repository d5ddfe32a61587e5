import { describe, expect, test } from 'bun:test';
import { createPlainAnswer } from '#app/https/answer-plain.ts';
import { readHello } from '#app/https/client-hello.ts';
import { otherNames } from '#app/https/other-names.ts';
import { isPublicName } from '#app/https/public-name.ts';
import { refuseNames } from '#app/https/refuse-names.ts';
import { testConfig } from '#test/harness/app.ts';

const origin = 'https://photos.example.org';
const stranger = { address: '203.0.113.5' };

function plain(isReady: boolean) {
  const answer = createPlainAnswer({
    origin,
    challenges: new Map([['token', 'token.thumb']]),
    isReady: () => isReady,
    health: async () => new Response('health'),
  });
  return (path: string, peer = stranger, method = 'GET') =>
    answer(new Request(`http://evil.example${path}`, { method }), peer);
}

describe('plain http', () => {
  test('leads to the same path by https, and never where Host says', async () => {
    const ask = plain(true);
    for (const path of ['/', '/@ada?x=1&y=%2F', '//evil.example/a', '/a?u=http://b/']) {
      const answer = await ask(path);
      expect([answer.status, answer.headers.get('location')]).toEqual([308, `${origin}${path}`]);
    }
    expect((await ask('/inbox', stranger, 'POST')).status).toBe(308);
    expect((await ask(`/${'a'.repeat(9000)}`)).status).toBe(414);
  });

  test('answers challenges, with and without a certificate, and no other file there', async () => {
    for (const ready of [true, false]) {
      const ask = plain(ready);
      const found = await ask('/.well-known/acme-challenge/token');
      expect([found.status, await found.text()]).toEqual([200, 'token.thumb']);
      expect((await ask('/.well-known/acme-challenge/other')).status).toBe(404);
      expect((await ask('/.well-known/acme-challenge/../../x')).status).toBe(ready ? 308 : 503);
    }
  });

  test('says that the certificate is on its way, and tells its health to this machine alone', async () => {
    const ask = plain(false);
    expect((await ask('/@ada')).status).toBe(503);
    expect(await (await ask('/readyz', { address: '127.0.0.1' })).text()).toBe('health');
    expect((await ask('/readyz')).status).toBe(503);
  });
});

test('further names lead to the first', async () => {
  const names = ['photos.example.org', 'www.photos.example.org'];
  const handle = otherNames(origin, names, async () => new Response('page'));
  const ask = (host: string) =>
    handle(new Request(`https://${host}/@ada?x`, { headers: { host } }), stranger);
  expect(await (await ask('photos.example.org')).text()).toBe('page');
  expect((await ask('www.photos.example.org')).headers.get('location')).toBe(`${origin}/@ada?x`);
  expect(await (await ask('evil.example')).text()).toBe('page');
});

test('names of one network alone are told from names of the internet', () => {
  for (const name of ['photos.example.org', 'a.co', 'xn--bcher-kva.example.com', 'a.xn--p1ai']) {
    expect(isPublicName(name)).toBe(true);
  }
  for (const name of [
    'localhost',
    'nas',
    'a.local',
    'a.lan',
    'a.home.arpa',
    '10.0.0.1',
    '::1',
    'a.b1',
  ]) {
    expect(isPublicName(name)).toBe(false);
  }
});

test('a local name is refused unless its own authority or own files serve it', () => {
  const { https } = testConfig('/nowhere');
  const local = { ...https, names: ['photos.local'], directories: ['https://acme.example.com/d'] };
  expect(() => refuseNames(local)).toThrow('in your own network alone');
  expect(() => refuseNames({ ...local, directories: ['https://ca.local/d'] })).not.toThrow();
  const files = { certificate: '/a', key: '/b' };
  expect(() => refuseNames({ ...local, files })).not.toThrow();
});

describe('the first greeting of a connection', () => {
  const hello = (protocols: string[]): Uint8Array => {
    const names = protocols.flatMap((name) => [name.length, ...Buffer.from(name)]);
    const list = [0, names.length, ...names];
    const alpn = [0, 16, 0, list.length, ...list];
    const extensions = [0, 0, 0, 0, ...alpn];
    const body = [3, 3, ...Array<number>(32).fill(7), 0, 0, 2, 19, 1, 1, 0];
    const whole = [...body, 0, extensions.length, ...extensions];
    const handshake = [1, 0, 0, whole.length, ...whole];
    return Uint8Array.from([22, 3, 1, 0, handshake.length, ...handshake]);
  };

  test('tells an authority from everybody else', () => {
    expect(readHello(hello(['acme-tls/1']))).toBe('proof');
    expect(readHello(hello(['h2', 'http/1.1']))).toBe('other');
    expect(readHello(Buffer.from('GET / HTTP/1.1\r\n'))).toBe('other');
  });

  test('waits for the rest, and is not led astray by lengths', () => {
    const whole = hello(['acme-tls/1']);
    for (let size = 0; size < whole.length; size += 1) {
      expect(readHello(whole.subarray(0, size))).toBe('more');
    }
    for (let at = 5; at < whole.length; at += 1) {
      const bent = Uint8Array.from(whole);
      bent[at] = 255;
      expect(['proof', 'other']).toContain(readHello(bent));
    }
    expect(readHello(Uint8Array.from([22, 3, 1, 255, 255]))).toBe('other');
  });
});
