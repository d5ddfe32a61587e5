import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchOwnFiles } from '#app/https/own-files.ts';
import { type AcmeError, readProblem, readRetryAfter } from '#base/platform/tls/acme-error.ts';
import { dueAt, isFor, readCertificate } from '#base/platform/tls/certificate.ts';
import { explainAcme } from '#base/platform/tls/explain-acme.ts';
import { createTlsStore } from '#base/platform/tls/store.ts';
import { makeAuthority, makeLeaf } from '#test/harness/openssl.ts';
import { silentLog } from '#test/harness/silent-log.ts';

let folder = '';
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tintype-certificates-'));
  await makeAuthority(folder);
  await makeLeaf(folder, 'one', ['DNS:photos.example.org', 'DNS:*.example.net']);
  await makeLeaf(folder, 'two', ['DNS:photos.example.org']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a certificate', () => {
  test('says its names and its time', () => {
    const found = readCertificate(text('one.pem') + text('ca.pem'), text('one.key'));
    expect(found.names).toEqual(['photos.example.org', '*.example.net']);
    expect(found.notAfter - found.notBefore).toBe(24 * 3_600_000);
    expect(isFor(found, 'photos.example.org')).toBe(true);
    expect(isFor(found, 'a.example.net')).toBe(true);
    expect(isFor(found, 'a.b.example.net')).toBe(false);
    expect(isFor(found, 'example.net')).toBe(false);
  });

  test('is renewed with a third of its time left, or up to a thirtieth earlier', () => {
    const life = { notBefore: 0, notAfter: 90, chain: '', key: '', names: [] };
    expect(dueAt({ ...life, fingerprint: '00:00:00:00' })).toBe(60);
    expect(dueAt({ ...life, fingerprint: 'FF:FF:FF:FF' })).toBe(57);
  });

  test('is refused with what is wrong about it', () => {
    expect(() => readCertificate('', '')).toThrow('no certificate');
    expect(() => readCertificate(text('one.pem'), text('two.key'))).toThrow('another certificate');
    expect(() => readCertificate(text('one.pem'), 'x')).toThrow('without a passphrase');
  });

  test('lies with its key in one file for its owner alone, and rubbish there is none', () => {
    const root = join(folder, 'data');
    mkdirSync(root);
    const store = createTlsStore(root);
    expect(store.readCertificate()).toBeNull();
    store.writeCertificate(text('one.pem') + text('ca.pem'), text('one.key'));
    expect(store.readCertificate()?.names[0]).toBe('photos.example.org');
    store.writeAccountKey('https://ca.test/dir', 'key');
    store.writeState({ ...store.readState(), failures: 2, nextTry: 5 });
    expect(createTlsStore(root).readState()).toMatchObject({ failures: 2, nextTry: 5 });
    const files = readdirSync(join(root, 'tls'));
    expect(files).toHaveLength(3);
    for (const name of files) expect(statSync(join(root, 'tls', name)).mode & 0o777).toBe(0o600);
    writeFileSync(join(root, 'tls/certificate.pem'), '-----BEGIN CERTIFICATE-----\nx');
    writeFileSync(join(root, 'tls/state.json'), '{"failures":"many"}');
    expect(store.readCertificate()).toBeNull();
    expect(store.readState().failures).toBe(0);
  });

  test('of one’s own is read anew when both files fit each other again, and not before', async () => {
    const paths = { certificate: join(folder, 'own.pem'), key: join(folder, 'own.key') };
    const put = (name: string, from: string): void => writeFileSync(join(folder, name), text(from));
    put('own.pem', 'one.pem');
    put('own.key', 'one.key');
    const used: string[] = [];
    const use = ({ names }: { names: readonly string[] }): void => void used.push(names.join());
    const end = watchOwnFiles(paths, ['photos.example.org'], silentLog, use, 5);
    put('own.pem', 'two.pem');
    await Bun.sleep(40);
    expect(used).toEqual([]);
    put('own.key', 'two.key');
    const deadline = Date.now() + 2000;
    while (used.length === 0 && Date.now() < deadline) await Bun.sleep(5);
    end();
    expect(used).toEqual(['photos.example.org']);
  });
});

describe('what an authority refuses', () => {
  const order = { names: ['photos.example.org'], directory: 'https://ca.test/dir' };
  const problem = (type: string, detail: string): AcmeError =>
    readProblem({ type: `urn:ietf:params:acme:error:${type}`, detail }, null, 403);

  test('is left alone until the time that it names, in a header or in words', () => {
    expect(readRetryAfter('120', 1000)).toBe(121_000);
    expect(readRetryAfter('Thu, 01 Jan 1970 00:02:00 GMT', 0)).toBe(120_000);
    expect(readRetryAfter('soon', 0)).toBeNull();
    const limited = problem('rateLimited', 'too many, retry after 2026-03-01 10:00:00 UTC: see');
    const now = Date.parse('2026-03-01T04:00:00Z');
    expect(explainAcme(limited, order, now).rest).toBe(6 * 3_600_000);
    expect(explainAcme(readProblem('', null, 429), order, now).rest).toBe(3_600_000);
  });

  test('is said with what to do, and whether another would come to the same', () => {
    const cases: [string, string, string, boolean][] = [
      ['dns', 'NXDOMAIN', 'Add an A record', true],
      ['connection', 'timed out', 'Ports 80 and 443 must be open', true],
      ['connection', 'could not resolve', 'Add an A record', true],
      ['unauthorized', '404', 'DNS leads to another machine', true],
      ['caa', 'forbidden', 'CAA record', false],
      ['rejectedIdentifier', 'no', 'issues nothing for', false],
      ['neverHeardOf', 'odd', 'gave no certificate for', false],
    ];
    for (const [type, detail, words, ours] of cases) {
      const trouble = explainAcme(problem(type, detail), order, 0);
      expect(trouble.sentence).toContain(words);
      expect(trouble.ours).toBe(ours);
    }
  });

  test('is bounded and on one line, whatever it writes', () => {
    const { message } = problem('dns', `a\n\nb${'x'.repeat(10_000)}`);
    expect(message).toHaveLength(400);
    expect(message).not.toContain('\n');
    expect(readProblem(null, null, 500).type).toBe('serverInternal');
  });
});
