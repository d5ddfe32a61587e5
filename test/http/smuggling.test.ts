import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Socket } from 'node:net';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { exchange, openSocket, statusesOf } from './raw.ts';

let app: TestApp;
let anna: Person;
let port: number;
beforeAll(async () => {
  app = await createTestApp({ settings: { mode: 'family' } });
  anna = await app.person('anna', 'owner');
  port = Number(new URL((await app.app.start()).url).port);
});
afterAll(() => app.close());

const HIDDEN = 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n';
const post = (headers: string, body: string) =>
  `POST /sign-in HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n${body}`;

describe('T124: a request that two servers would read differently', () => {
  const cases: Record<string, string> = {
    'a length and chunks': post(
      'Content-Length: 4\r\nTransfer-Encoding: chunked',
      `0\r\n\r\n${HIDDEN}`,
    ),
    'chunks and a length': post(
      'Transfer-Encoding: chunked\r\nContent-Length: 40',
      `0\r\n\r\n${HIDDEN}`,
    ),
    'two lengths': post('Content-Length: 0\r\nContent-Length: 33', HIDDEN),
    'a list of lengths': post('Content-Length: 0, 33', HIDDEN),
    'a length with a sign': post('Content-Length: +0', HIDDEN),
    'a negative length': post('Content-Length: -1', HIDDEN),
    'a length in hex': post('Content-Length: 0x21', HIDDEN),
    'an unknown coding': post('Transfer-Encoding: xchunked', `0\r\n\r\n${HIDDEN}`),
    'a coding with a space before the colon': post(
      'Transfer-Encoding : chunked',
      `0\r\n\r\n${HIDDEN}`,
    ),
    'a coding behind a vertical tab': post('Transfer-Encoding: \x0bchunked', `0\r\n\r\n${HIDDEN}`),
    'a folded header': post('X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 0', HIDDEN),
    'a carriage return in a header': post('X: a\rb\r\nContent-Length: 0', HIDDEN),
    'a NUL in a header': post('X: a\0b\r\nContent-Length: 0', HIDDEN),
    'no host': `GET /livez HTTP/1.1\r\n\r\n${HIDDEN}`,
  };
  for (const [name, bytes] of Object.entries(cases)) {
    test(`is refused, and nothing behind it is answered: ${name}`, async () => {
      expect(statusesOf(await exchange(port, bytes))).toEqual([400]);
    });
  }
  test('ends the connection at a broken chunk', async () => {
    const bytes = post('Transfer-Encoding: chunked', `zz\r\n\r\n${HIDDEN}`);
    expect(statusesOf(await exchange(port, bytes))).not.toContain(200);
  });
  test('is refused when it names two hosts', async () => {
    const bytes = 'GET /livez HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n';
    expect(statusesOf(await exchange(port, bytes))).toEqual([400]);
  });
  test('very large and very many headers are 431', async () => {
    const large = `GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`;
    const many = `GET /livez HTTP/1.1\r\nHost: localhost\r\n${'X: a\r\n'.repeat(500)}\r\n`;
    expect(statusesOf(await exchange(port, large))).toEqual([431]);
    expect(statusesOf(await exchange(port, many))).toEqual([431]);
  });
});

describe('the gate and the router read the same path', () => {
  const HOSTS = [
    'x',
    'pi',
    'abc',
    '',
    '@',
    'a/b',
    'a/sign-in',
    'a?b',
    'a#b',
    'u:p@h',
    '[::1]',
    'a b',
  ];
  const PATHS = [
    '/about',
    '/join/about',
    '/join/x/about',
    '/join/@anna',
    '/reset/settings',
    '/sign-in/../about',
    '/sign-in#/about',
    '/sign-in?/about',
    '/join/x#/../../about',
    '//about',
    '/.well-known/acme-challenge/about',
  ];
  test('whatever the host is called: no page of a closed instance comes out', async () => {
    for (const host of HOSTS) {
      for (const path of PATHS) {
        const bytes = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
        const answer = await exchange(port, bytes);
        const [status = 0] = statusesOf(answer);
        const known = [303, 400, 403, 404, 410].includes(status) || /<title>Sign in/.test(answer);
        expect(`${host} ${path} ${known ? 'refused' : answer}`).toBe(`${host} ${path} refused`);
        expect(answer).not.toContain('About');
        expect(answer).not.toContain('anna');
      }
    }
  }, 60_000);
  test('short hosts of a home network work, with bodies too', async () => {
    const page = await exchange(
      port,
      'GET /sign-in HTTP/1.1\r\nHost: pi\r\nConnection: close\r\n\r\n',
    );
    expect(statusesOf(page)).toEqual([200]);
    const body = '{"status":"hello"}';
    const answer = await exchange(
      port,
      `POST /api/v1/statuses HTTP/1.1\r\nHost: pi\r\nAuthorization: Bearer ${anna.token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    expect(statusesOf(answer)).toEqual([200]);
    expect(answer).toContain('hello');
  });
  test('a request without a host, or to be tunnelled, is refused', async () => {
    expect(statusesOf(await exchange(port, 'GET /livez HTTP/1.0\r\n\r\n'))).toEqual([400]);
    const tunnel = 'CONNECT example.org:443 HTTP/1.1\r\nHost: localhost\r\n\r\n';
    expect(statusesOf(await exchange(port, tunnel))).toEqual([400]);
  });
});

describe('T123: sockets that say nothing', () => {
  test('do not keep others waiting', async () => {
    const idle: Socket[] = [];
    for (let index = 0; index < 300; index += 1) {
      const socket = await openSocket(port);
      if (index % 2 === 0) socket.write('GET /livez HTTP/1.1\r\nHost: loc');
      idle.push(socket);
    }
    const started = performance.now();
    const answer = await fetch(`http://127.0.0.1:${port}/livez`);
    expect(answer.status).toBe(200);
    expect(performance.now() - started).toBeLessThan(1000);
    for (const socket of idle) socket.destroy();
  });
});
