import { afterAll, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareVersions } from '#base/core/versions.ts';
import { readOwnedAddress } from '#base/platform/read-owned-address.ts';
import { findRelease } from '#domain/upkeep/find-release.ts';
import { judgeRelease } from '#domain/upkeep/judge-release.ts';
import type { ReleaseManifest } from '#domain/upkeep/release-manifest.ts';
import { stageExecutable } from '#domain/upkeep/stage-executable.ts';
import { readUpdateRecord } from '#domain/upkeep/update-record.ts';
import { makeReleaseKey, publicKeyOf, signRelease } from '#scripts/sign-release.ts';
import { createTestApp } from '#test/harness/app.ts';
import { tempDir } from '#test/harness/temp-dir.ts';

const key = makeReleaseKey();
const now = Date.UTC(2030, 0, 10);
const program = Buffer.from('#!/bin/sh\nexit 0\n');
const sha256 = new Bun.CryptoHasher('sha256').update(program).digest('hex');
const asker = { version: '1.2.0', platform: 'linux-x64', now };

function manifest(change: Partial<ReleaseManifest> = {}): ReleaseManifest {
  return {
    format: 1,
    product: 'tintype',
    version: '1.3.0',
    date: '2030-01-01T00:00:00.000Z',
    expires: '2030-06-01T00:00:00.000Z',
    from: '1.0.0',
    notes: 'Better.',
    files: [{ platform: 'linux-x64', name: 'tintype-1.3.0', bytes: program.length, sha256 }],
    ...change,
  };
}

function publish(told: object, secret = key.secret): string {
  const folder = tempDir();
  const { bytes, signature } = signRelease(told as ReleaseManifest, secret);
  writeFileSync(join(folder, 'release.json'), bytes);
  writeFileSync(join(folder, 'release.json.sig'), signature);
  writeFileSync(join(folder, 'tintype-1.3.0'), program);
  return folder;
}

const judge = (change: Partial<ReleaseManifest>, isHere = false, seen: string | null = null) =>
  judgeRelease(
    { manifest: manifest(change), isHere },
    seen === null ? null : { version: '1.9.0', date: seen },
    asker,
  );

const why = (work: () => unknown): string => {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const whyNot = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing',
    (error: Error) => error.message,
  );

test('T129: a release counts with the right signature over these very bytes, and with no other', async () => {
  const folder = publish(manifest());
  expect((await findRelease(folder, key.publicKey)).manifest.version).toBe('1.3.0');
  expect(publicKeyOf(key.secret)).toBe(key.publicKey);
  const refused = 'not signed with the key';
  expect(await whyNot(findRelease(folder, makeReleaseKey().publicKey))).toContain(refused);
  const text = await Bun.file(join(folder, 'release.json')).text();
  writeFileSync(join(folder, 'release.json'), text.replace('1.3.0', '1.4.0'));
  expect(await whyNot(findRelease(folder, key.publicKey))).toContain(refused);
  writeFileSync(join(folder, 'release.json'), text);
  for (const signature of ['', 'AAAA', Buffer.alloc(64).toString('base64')]) {
    writeFileSync(join(folder, 'release.json.sig'), signature);
    expect(await whyNot(findRelease(folder, key.publicKey))).toContain(refused);
  }
});

test('T129: what the key signed for something else is no release', async () => {
  const strange = [
    { ...manifest(), product: 'other' },
    { ...manifest(), format: 2 },
    { ...manifest(), version: 'newest' },
    manifest({ files: [{ platform: 'linux-x64', name: '../x', bytes: 1, sha256 }] }),
    manifest({ files: [] }),
  ];
  for (const told of strange) {
    const folder = publish(told);
    expect(await whyNot(findRelease(folder, key.publicKey))).toContain('cannot read');
  }
});

test('T129: an older version, an old announcement and a replayed one are refused', () => {
  expect(judge({})?.name).toBe('tintype-1.3.0');
  expect(judge({ version: '1.2.0' })).toBeNull();
  expect(why(() => judge({ version: '1.1.9' }))).toContain('only lead forward');
  expect(why(() => judge({ version: '1.2.0-rc.1' }))).toContain('only lead forward');
  expect(why(() => judge({ expires: '2030-01-09T00:00:00.000Z' }))).toContain('was not renewed');
  // Who brought a file knows how old it is.
  expect(judge({ expires: '2030-01-09T00:00:00.000Z' }, true)?.name).toBe('tintype-1.3.0');
  expect(why(() => judge({}, false, '2030-01-05T00:00:00.000Z'))).toContain('hold the newer one');
  expect(judge({}, false, '2030-01-01T00:00:00.000Z')?.name).toBe('tintype-1.3.0');
});

test('a version that cannot be reached at once, or not on this machine, says so', () => {
  expect(why(() => judge({ from: '1.2.5' }))).toContain('Update to 1.2.5 first');
  const files = [{ platform: 'linux-arm64', name: 'x', bytes: 1, sha256 }];
  expect(why(() => judge({ files }))).toContain('no file for linux-x64');
});

test('an owner who said where hears of a newer version once, and of nothing when there is none', async () => {
  const folder = publish(
    manifest({
      version: '99.0.0',
      from: '0.1.0',
      files: [{ platform: `${process.platform}-${process.arch}`, name: 'x', bytes: 1, sha256 }],
    }),
  );
  const quiet = await createTestApp();
  expect(await quiet.app.cron.run('update.look')).toContain('not set');
  await quiet.close();
  const world = await createTestApp({ config: { update: { url: folder, key: key.publicKey } } });
  const banners = () => world.ctx.db.query('SELECT subject, text FROM admin_banners').all();
  expect(await world.app.cron.run('update.look')).toContain('99.0.0 is newer');
  await world.app.cron.run('update.look');
  expect(banners()).toEqual([
    { subject: 'Version 99.0.0 is there', text: 'Better.\n\nInstall it with: tintype update' },
  ]);
  expect(readUpdateRecord(world.ctx.config.data).seen?.version).toBe('99.0.0');
  await world.close();
});

test('versions are ordered as semver orders them', () => {
  const order = ['0.9.0', '1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-beta.2', '1.0.0-beta.11'];
  const sorted = [...order, '1.0.0', '1.0.10', '1.2.0'];
  expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted);
});

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/away') return Response.redirect('http://photos.example.org/x', 302);
    if (pathname === '/round') return Response.redirect('/round', 302);
    if (pathname === '/near') return Response.redirect('/file', 302);
    if (pathname === '/endless') {
      return new Response(
        new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 16)) }),
      );
    }
    return pathname === '/file' ? new Response(program) : new Response('', { status: 404 });
  },
});
afterAll(() => server.stop(true));

async function read(from: string, maxBytes = 1000): Promise<number> {
  let bytes = 0;
  for await (const piece of readOwnedAddress(from, { maxBytes, deadline: 2000 })) {
    bytes += piece.length;
  }
  return bytes;
}

test('T129: a release is read over https only, to its limit, and redirects do not leave that', async () => {
  const origin = `http://127.0.0.1:${server.port}`;
  expect(await read(`${origin}/file`)).toBe(program.length);
  expect(await read(`${origin}/near`)).toBe(program.length);
  expect(await whyNot(read(`${origin}/away`))).toContain('not asked over http');
  expect(await whyNot(read('http://photos.example.org/release.json'))).toContain('not asked');
  expect(await whyNot(read(`${origin}/round`))).toContain('on and on');
  expect(await whyNot(read(`${origin}/endless`, 1_000_000))).toContain('larger');
  expect(await whyNot(read(`${origin}/gone`))).toContain('404');
  expect(await whyNot(read('/dev/zero'))).toContain('no file');
});

test('T129: a file that is not the signed one never gets a name under which it could be started', async () => {
  const folder = publish(manifest());
  const [file] = manifest().files;
  if (file === undefined) throw new Error('There is no file.');
  const [from, to] = [join(folder, file.name), join(folder, 'new', 'tintype')];
  for (const bytes of [program.subarray(1), Buffer.concat([program, program]), Buffer.alloc(17)]) {
    writeFileSync(from, bytes);
    expect(await whyNot(stageExecutable(file, from, to))).toMatch(/not the one|larger/);
    const left = [...new Bun.Glob('**').scanSync({ cwd: join(folder, 'new') })];
    expect(left).toEqual([]);
  }
  writeFileSync(from, program);
  await stageExecutable(file, from, to);
  expect(Bun.spawnSync([to]).exitCode).toBe(0);
});
