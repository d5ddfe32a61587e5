import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Person, TestApp } from '#test/harness/app.ts';
import { exchange } from '#test/http/raw.ts';
import { publishPhoto } from '#test/http/walk.ts';
import { createMediaApp } from '#test/media/world.ts';

setDefaultTimeout(120_000);

const MARK = 'this-line-lies-in-the-data-directory';
let app: TestApp;
let owner: Person;
let port: number;
let names: string[];

beforeAll(async () => {
  app = await createMediaApp({ config: { rates: false } });
  owner = await app.person('ada', 'owner');
  await publishPhoto(app, owner, 'public');
  const { root } = app.ctx.files;
  // What may lie there besides what is there already.
  for (const name of ['tintype.toml', 'backup.key', '.env', 'update.json']) {
    writeFileSync(join(root, name), MARK);
  }
  mkdirSync(join(root, 'https'), { recursive: true });
  for (const name of ['logs/tintype.log', 'https/account.key', 'exports/x.zip', 'imports/y.zip']) {
    writeFileSync(join(root, name), MARK);
  }
  for (const name of ['backups/before-schema-1-1.db', 'tmp/upload.jpg', 'native/x.so']) {
    writeFileSync(join(root, name), MARK);
  }
  names = filesBelow(root, '');
  port = Number(new URL((await app.app.start()).url).port);
});
afterAll(() => app.close());

function filesBelow(root: string, path: string): string[] {
  return readdirSync(join(root, path)).flatMap((name) => {
    const inner = path === '' ? name : `${path}/${name}`;
    const found = statSync(join(root, inner), { throwIfNoEntry: false });
    return found?.isDirectory() ? filesBelow(root, inner) : [inner];
  });
}

/** A file of the data directory as somebody would look for it. */
function addressesOf(name: string): string[] {
  const up = ['..', '%2e%2e', '.%2e', '..%2f..', '%252e%252e', '..%5c..', '....//..'];
  return [
    `/${name}`,
    `//${name}`,
    `/tintype-data/${name}`,
    `/.well-known/${name}`,
    `/.well-known/acme-challenge/../../${name}`,
    ...up.flatMap((dots) => [
      `/assets/${dots}/${name}`,
      `/media/${dots}/${name}`,
      `/media/${dots}/${dots}/${name}`,
      `/media/remote/${dots}/${dots}/${dots}/${name}`,
    ]),
    `/${name.replaceAll('/', '%2f')}`,
    `/${name}%00.jpg`,
    `/media/${name.split('/').at(-1)}`,
  ];
}

test('T121: no file of the data directory is served under any address, to nobody', async () => {
  expect(names).toContain('tintype.db');
  const leaked: string[] = [];
  for (const name of names.filter((each) => !each.startsWith('media/'))) {
    for (const path of addressesOf(name)) {
      for (const guise of ['', `Cookie: ${owner.cookie}\r\n`]) {
        const answer = await app.request(path, guise === '' ? {} : { as: owner });
        const text = await answer.text();
        if (text.includes(MARK) || text.startsWith('SQLite format 3')) leaked.push(path);
      }
    }
  }
  expect(leaked).toEqual([]);
});

test('T121: dots in a bare request line lead nowhere either', async () => {
  const paths = ['tintype.db', 'tintype.toml', 'logs/tintype.log', 'push.key', 'lock'];
  for (const path of paths.flatMap((name) => [
    `/../${name}`,
    `/media/../../${name}`,
    `/assets/../../../${name}`,
    `/media/..\\..\\${name}`,
  ])) {
    const head = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    const answer = await exchange(port, head, 2000);
    expect(answer).not.toContain(MARK);
    expect(answer).not.toContain('SQLite format 3');
    expect(answer).not.toMatch(/^HTTP\/1\.1 200/);
  }
});

test('T121: originals and sizes on the disk are reached by no address but their own', async () => {
  const blobs = names.filter((name) => name.startsWith('media/local/'));
  expect(blobs.length).toBeGreaterThan(0);
  for (const name of blobs) {
    for (const path of [`/${name}`, `/media/${name}`, `/media/${name.slice('media/'.length)}`]) {
      expect((await app.request(path)).status).toBe(404);
    }
  }
});
