import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { copySite, type SiteCopy } from '#app/site/copy-site.ts';
import { siteLink, sitePlace } from '#app/site/site-paths.ts';
import { stillPage } from '#app/site/still-page.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';
import { publishPhoto, type WalkPost } from '#test/http/walk.ts';

let app: TestApp;
let copy: SiteCopy;
let open: WalkPost;
const hidden: WalkPost[] = [];
const folder = mkdtempSync(join(tmpdir(), 'tintype-site-'));

beforeAll(async () => {
  app = await createTestApp({ settings: { mode: 'community' } });
  const ada = await app.person('ada', 'owner');
  const ben = await app.person('ben');
  open = await publishPhoto(app, ada, 'public');
  for (const visibility of ['private', 'direct'] as const) {
    hidden.push(await publishPhoto(app, ada, visibility));
  }
  // More than one page of the profile holds, so that turning the page has to work.
  for (let at = 0; at < 26; at += 1) await publishPhoto(app, ben, 'public');
  await app.request('/api/v1/statuses', {
    token: ben.token,
    json: { status: 'Well seen! #light', in_reply_to_id: open.id },
  });
  copy = await copySite(app.ctx, join(folder, 'copy'));
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

function files(at = copy.path): string[] {
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(at, entry.name)) : [join(at, entry.name)],
  );
}
const pages = () => files().filter((path) => path.endsWith('.html'));

test('a copy of the site holds every public post with its photos, at their old addresses', () => {
  const page = readFileSync(join(copy.path, `@ada/${open.id}/index.html`), 'utf8');
  expect(page).toContain(open.words);
  expect(page).toContain('Well seen!');
  expect(page).toContain('A copy of Tintype, made on ');
  expect(existsSync(join(copy.path, open.mediaPaths[0] ?? '?'))).toBe(true);
  expect(existsSync(join(copy.path, '@ada.atom'))).toBe(true);
  expect(readFileSync(join(copy.path, 'README.txt'), 'utf8')).toContain(`${copy.pages} pages`);
  const ofBen = readdirSync(join(copy.path, '@ben'));
  expect(ofBen.filter((name) => /^\d+$/.test(name))).toHaveLength(27);
  expect(ofBen).toContain('before');
});

test('nothing that was closed is in it', () => {
  for (const path of files()) {
    const text = readFileSync(path, 'latin1');
    for (const { words, mediaPaths } of hidden) {
      expect(text.includes(words)).toBe(false);
      expect(mediaPaths.some((media) => text.includes(media.slice(1)))).toBe(false);
    }
  }
  for (const { id } of hidden) expect(existsSync(join(copy.path, `@ada/${id}`))).toBe(false);
});

test('every link and every picture leads to a file of the copy, and nothing needs a server', () => {
  let links = 0;
  for (const path of pages()) {
    const html = readFileSync(path, 'utf8');
    expect(html).not.toMatch(/<(script|form|button)\b/);
    for (const [, address = ''] of html.matchAll(/(?:href|src)="([^"#]+)[^"]*"/g)) {
      if (/^(https?|data|mailto):/.test(address)) continue;
      const target = join(dirname(path), decodeURIComponent(address));
      expect(relative(copy.path, target)).not.toStartWith('..');
      expect([address, existsSync(target)]).toEqual([address, true]);
      links += 1;
    }
  }
  expect(links).toBeGreaterThan(200);
});

test('what leads nowhere keeps its place as words, and what is left of pictures and notices is none', async () => {
  const drawn = new Response(
    `<body><div class="inset closing-notice">It closes</div>
    <a class="count" href="/@ada/followers" rel="nofollow">4 followers</a><a href="/help">Help</a><a href="/@ada/remote-follow">Follow</a>
    <a class="button" href="/sign-in">Sign in</a>
    <img class="avatar" src="/media/remote/x-y.webp" width="40" height="40" alt=""><p>Hello</p></body>`,
  );
  const at = { file: 'index.html', origin: 'http://localhost', note: 'A copy.' };
  const { html } = await stillPage(drawn, at);
  expect(html).toContain('<body class="still">');
  expect(html).toMatch(/<span class="count"[^>]*>4 followers<\/span>/);
  expect(html).not.toMatch(/Help|Follow<|Sign in|It closes|<img|href=/);
  expect(html).toMatch(/<svg class="avatar avatar-letters"[^>]*width="40".*<\/svg><p>Hello/);
});

test('a folder that holds something is left alone', async () => {
  const full = mkdtempSync(join(folder, 'full-'));
  writeFileSync(join(full, 'mine.txt'), 'mine');
  expect(copySite(app.ctx, full)).rejects.toThrow('is not empty');
});

test('a closed server has nothing to copy, and says so', async () => {
  const family = await createTestApp({ settings: { mode: 'family' } });
  try {
    await family.person('eve', 'owner');
    expect(copySite(family.ctx, join(folder, 'family'))).rejects.toThrow('nothing to copy');
    expect(existsSync(join(folder, 'family'))).toBe(false);
  } finally {
    await family.close();
  }
});

test('no address leads out of the folder', () => {
  const origin = 'http://localhost';
  for (const odd of [
    '/tags/..%2f..%2fetc',
    '/tags/..',
    '/@a/../../x',
    '/media/../x',
    '/tags/a%00b',
  ]) {
    const place = sitePlace(odd, origin);
    expect([odd, place === null || !place.file.split('/').includes('..')]).toEqual([odd, true]);
  }
  expect(sitePlace('https://elsewhere.example/@ada', origin)).toBeNull();
  expect(sitePlace('/settings/profile', origin)).toBeNull();
  expect(siteLink('@ada/1/index.html', 'tags/späti/index.html')).toBe(
    '../../tags/sp%C3%A4ti/index.html',
  );
});

test('a tag longer than a file name can be costs the copy nothing but its page', async () => {
  const small = await createTestApp({ settings: { mode: 'community' } });
  try {
    const ada = await small.person('ada', 'owner');
    const tag = '写'.repeat(100);
    const sent = await small.request('/api/v1/statuses', {
      token: ada.token,
      json: { status: `Long #${tag}` },
    });
    expect(sent.status).toBe(200);
    const made = await copySite(small.ctx, join(folder, 'long-tag'));
    expect(existsSync(join(made.path, '@ada/index.html'))).toBe(true);
    expect(files(made.path).length).toBeGreaterThan(3);
  } finally {
    await small.close();
  }
});
