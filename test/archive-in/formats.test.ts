import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { ownHost } from '#domain/own-address.ts';
import { findFollow } from '#domain/relationships/queries.ts';
import { startImport } from '#doors/archive/import-change.ts';
import { reportCsv } from '#doors/archive/import-report.ts';
import { sweepImports } from '#doors/archive/import-sweep.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { makeZip } from '#test/harness/archives.ts';
import {
  again,
  all,
  archiveFolder,
  goOn,
  itemsOf,
  photo,
  postsOf,
  readFile,
  takeFile,
  tally,
} from './world.ts';

// Each reading starts a process; a machine with other work takes its time.
setDefaultTimeout(60_000);

const folder = archiveFolder();
let app: TestApp;
let ada: Person;
let number = 0;

beforeAll(async () => {
  app = await createTestApp();
  await app.person('grace', 'owner');
});
beforeEach(async () => {
  number += 1;
  ada = await app.person(`ada${number}`);
});
afterAll(async () => {
  await app.close();
  folder.remove();
});

/** A text as Instagram writes it: each byte of its UTF-8 a character. */
function broken(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

const media = (n: number, title = '') => ({
  uri: `media/posts/201807/${n}.jpg`,
  creation_timestamp: 1_531_000_000 + n,
  title: broken(title),
});

for (const place of [
  'content',
  'your_instagram_activity/content',
  'your_instagram_activity/media',
  'instagram-ada-2024/your_instagram_activity/media',
]) {
  test(`an export of Instagram with its lists in ${place} becomes posts and albums`, async () => {
    const root = place.startsWith('instagram-') ? 'instagram-ada-2024/' : '';
    const posts = [
      { media: [media(1, 'Zürich 🏔️ #Föhn')] },
      {
        title: broken('album — drei'),
        creation_timestamp: 1_531_000_100,
        media: [media(2), { ...media(9), uri: 'media/posts/v.mp4' }, media(3)],
      },
      { media: [{ ...media(4), uri: 'media/posts/201807/film.mp4' }] },
    ];
    const zip = makeZip([
      { name: `${place}/posts_1.json`, data: JSON.stringify(posts) },
      { name: `${place}/stories.json`, data: JSON.stringify({ ig_stories: [media(5)] }) },
      {
        name: `${place}/reels.json`,
        data: JSON.stringify({ ig_reels_media: [{ media: [{ ...media(6), uri: 'r.mp4' }] }] }),
      },
      {
        name: `${place}/archived_posts.json`,
        data: JSON.stringify({ ig_archived_post_media: [{ media: [media(7, 'put away')] }] }),
      },
      ...(await Promise.all(
        [1, 2, 3, 5, 7].map(async (n) => ({
          name: `${root}media/posts/201807/${n}.jpg`,
          data: await photo(n),
        })),
      )),
    ]);
    const row = await takeFile(app, ada, folder.write('instagram.zip', zip));
    expect(row.format).toBe('instagram');
    expect(tally(app, row)).toEqual({ 'post done': 3, 'other skipped': 3 });
    const posted = postsOf(app, ada);
    expect(posted.map(({ caption }) => caption)).toEqual([
      'Zürich 🏔️ #Föhn',
      'put away',
      'album — drei',
    ]);
    expect(posted.map(({ photos }) => photos)).toEqual([1, 1, 2]);
    expect(posted[0]?.publishedAt).toBe(1_531_000_001_000);
    expect(posted[1]?.visibility).toBe('self');
    const reasons = itemsOf(app, row).flatMap(({ reason }) => reason ?? []);
    expect(reasons).toContain('A video in it is left out.');
    expect(reasons.some((reason) => reason.includes('reel'))).toBe(true);
    expect(reasons.some((reason) => reason.includes('story'))).toBe(true);
  });
}

test('the export of Instagram of 2018 is read, and one of web pages says what to do', async () => {
  const old = {
    photos: [
      {
        caption: 'old',
        taken_at: '2018-03-04T05:06:07',
        path: 'photos/201803/a.jpg',
        location: 'Bern',
      },
    ],
    videos: [{ caption: 'v', taken_at: '2018-03-04T05:06:07', path: 'videos/a.mp4' }],
    stories: [],
  };
  const zip = makeZip([
    { name: 'media.json', data: JSON.stringify(old) },
    { name: 'photos/201803/a.jpg', data: await photo(1) },
  ]);
  const row = await takeFile(app, ada, folder.write('old.zip', zip));
  expect(tally(app, row)).toEqual({ 'post done': 1, 'other skipped': 1 });
  const pages = makeZip([{ name: 'your_instagram_activity/media/posts_1.html', data: '<html>' }]);
  const refused = await readFile(app, ada, folder.write('pages.zip', pages));
  expect(refused.state).toBe('failed');
  expect(refused.detail).toContain('JSON');
});

test('lists of people, servers and bookmarks are followed, blocked, muted, hidden and kept', async () => {
  const bob = await app.person(`bob${number}`);
  const name = `bob${number}`;
  const here = ownHost(app.ctx.config);
  const follows = await takeFile(
    app,
    ada,
    folder.write(
      'following_accounts.csv',
      `Account address,Show boosts,Notify on new posts,Languages\n${name}@${here},false,false,\nnobody@${here},true,false,\n"=cmd|x"@${here},true,,\n`,
    ),
  );
  expect(follows.format).toBe('csv');
  expect(tally(app, follows)).toEqual({ 'follow done': 1, 'follow failed': 2 });
  expect(findFollow(app.ctx.db, ada.viewer.id, bob.viewer.id)?.showShares).toBe(0);
  const lines: string[] = [];
  for await (const piece of reportCsv(app.ctx, follows)) lines.push(piece);
  expect(lines.join('')).not.toMatch(/(^|,)=/m);
  const mutes = await takeFile(
    app,
    ada,
    folder.write(
      'muted_accounts.csv',
      `Account address,Hide notifications\n@${name}@${here},true\n`,
    ),
  );
  expect(tally(app, mutes)).toEqual({ 'mute done': 1 });
  const domains = await takeFile(
    app,
    ada,
    folder.write('blocked_domains.csv', 'bad.example\nworse.example\n'),
  );
  expect(tally(app, domains)).toEqual({ 'domain done': 2 });
  const blocks = await takeFile(
    app,
    ada,
    folder.write('blocked_accounts.csv', `${name}@${here}\n`),
  );
  expect(tally(app, blocks)).toEqual({ 'block done': 1 });
  const unknown = await readFile(app, ada, folder.write('list.csv', `${name}@${here}\n`));
  expect(unknown.detail).toContain('Is this a list of');
});

test('lists of Pixelfed in JSON are read like the others', async () => {
  const list = JSON.stringify({
    muted: ['https://a.example/users/x'],
    blocked: ['https://b.example/users/y'],
  });
  const row = await readFile(app, ada, folder.write('muted-and-blocked-accounts.json', list));
  expect(tally(app, row)).toEqual({ 'mute planned': 1, 'block planned': 1 });
});

test('a quota that is reached midway lets the import rest, and it goes on when there is room', async () => {
  const posts = Array.from({ length: 6 }, (_, n) => ({ media: [media(n + 10)] }));
  const zip = makeZip([
    { name: 'content/posts_1.json', data: JSON.stringify(posts) },
    ...(await Promise.all(
      posts.map(async (_, n) => ({
        name: `media/posts/201807/${n + 10}.jpg`,
        data: await photo(n + 10),
      })),
    )),
  ]);
  const row = await readFile(app, ada, folder.write('quota.zip', zip));
  app.ctx.db
    .query(
      'INSERT INTO usage (account_id, quota_bytes) VALUES ($id, 2500) ON CONFLICT (account_id) DO UPDATE SET quota_bytes = 2500',
    )
    .run({ id: ada.viewer.id });
  startImport(app.ctx, ada.viewer, row.id, all, false);
  const rests = await goOn(app, row);
  expect(rests.state).toBe('paused');
  expect(rests.detail).toContain('storage is full');
  const some = postsOf(app, ada).length;
  expect(some).toBeGreaterThan(0);
  expect(some).toBeLessThan(6);
  app.ctx.db
    .query('UPDATE usage SET quota_bytes = NULL WHERE account_id = $id')
    .run({ id: ada.viewer.id });
  startImport(app.ctx, ada.viewer, row.id, all, false);
  const done = await goOn(app, row);
  expect(done.state).toBe('done');
  expect(postsOf(app, ada)).toHaveLength(6);
});

test('files that nobody goes on with are swept after a week, others stay', async () => {
  const list = folder.write('blocked_domains.csv', 'bad.example\n');
  const row = await readFile(app, ada, list);
  expect(await sweepImports(app.ctx)).toEqual({ files: 0, bytes: 0 });
  app.clock.advance(8 * 24 * 3_600_000);
  expect((await sweepImports(app.ctx, { dryRun: true })).files).toBeGreaterThan(0);
  expect((await sweepImports(app.ctx)).files).toBeGreaterThan(0);
  expect(again(app, row).state).toBe('cancelled');
  expect(readdirSync(app.ctx.files.imports)).not.toContain(row.file ?? '');
});
