import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { makeTarGz, makeZip } from '#test/harness/archives.ts';
import { archiveFolder, itemsOf, photo, postsOf, readFile, takeFile, tally } from './world.ts';

// Each reading starts a process; a machine with other work takes its time.
setDefaultTimeout(60_000);

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
const ME = 'https://old.example/users/ada';
const folder = archiveFolder();
let app: TestApp;
let ada: Person;

function note(n: number, more: Record<string, unknown> = {}) {
  const object = {
    id: `${ME}/statuses/${n}`,
    type: 'Note',
    published: `2019-03-0${n}T10:20:30Z`,
    to: [PUBLIC],
    cc: [`${ME}/followers`],
    content: `<p>Post <strong>${n}</strong> #Lake</p><script>alert(1)</script>`,
    attachment: [
      {
        type: 'Document',
        mediaType: 'image/jpeg',
        url: `/media_attachments/files/00${n}/original/a.jpg`,
        name: `alt ${n}`,
        focalPoint: [0.5, -0.25],
      },
    ],
    tag: [],
    ...more,
  };
  return { id: `${object.id}/activity`, type: 'Create', actor: ME, object };
}

async function files() {
  const orderedItems = [
    note(1),
    note(2, { to: [`${ME}/followers`], cc: [], summary: 'careful', sensitive: true }),
    note(3, {
      attachment: [],
      content: '<p>only words, <a href="https://x.example/@bob">@bob</a></p>',
      tag: [{ type: 'Mention', name: '@bob', href: 'https://x.example/users/bob' }],
    }),
    note(4, { inReplyTo: `${ME}/statuses/1`, attachment: [] }),
    note(5, { inReplyTo: 'https://other.example/1' }),
    note(6, { to: ['https://other.example/users/eve'], cc: [] }),
    { id: `${ME}/statuses/7/activity`, type: 'Announce', object: 'https://other.example/2' },
    note(8, {
      attachment: [{ type: 'Document', mediaType: 'video/mp4', url: '/v.mp4' }],
      content: '',
    }),
    note(9, {
      attachment: [
        {
          type: 'Document',
          mediaType: 'image/png',
          url: 'https://tracker.example/media_attachments/files/9/x.png',
        },
      ],
    }),
  ];
  return [
    { name: 'actor.json', data: JSON.stringify({ id: ME, type: 'Person' }) },
    {
      name: 'outbox.json',
      data: JSON.stringify(
        {
          '@context': 'x',
          id: 'outbox.json',
          type: 'OrderedCollection',
          totalItems: 9,
          orderedItems,
        },
        null,
        1,
      ),
    },
    { name: 'media_attachments/files/001/original/a.jpg', data: await photo(1) },
    { name: 'media_attachments/files/002/original/a.jpg', data: await photo(2) },
  ];
}

beforeAll(async () => {
  app = await createTestApp();
  ada = await app.person('ada', 'owner');
  await app.person('bob');
});
afterAll(async () => {
  await app.close();
  folder.remove();
});

test('a Mastodon archive is read without anything being changed', async () => {
  const row = await readFile(app, ada, folder.write('a.zip', makeZip(await files())));
  expect(row.detail).toBeNull();
  expect(row.format).toBe('mastodon');
  expect(tally(app, row)).toEqual({
    'post planned': 2,
    'post skipped': 1,
    'other skipped': 4,
    'text planned': 2,
  });
  expect(postsOf(app, ada)).toEqual([]);
});

test('a Mastodon archive as tar.gz becomes posts with their dates, words and photos', async () => {
  const row = await takeFile(app, ada, folder.write('a.tar.gz', makeTarGz(await files())));
  expect(row.state).toBe('done');
  expect(tally(app, row)).toEqual({
    'post done': 2,
    'post skipped': 1,
    'other skipped': 4,
    'text done': 2,
  });
  const posts = postsOf(app, ada);
  expect(posts.map(({ caption }) => caption)).toEqual([
    'Post 1 #Lake',
    'Post 2 #Lake',
    'only words, @bob@x.example',
    'Post 4 #Lake',
  ]);
  expect(posts.map(({ visibility }) => visibility)).toEqual([
    'public',
    'followers',
    'public',
    'public',
  ]);
  expect(posts[0]?.publishedAt).toBe(Date.parse('2019-03-01T10:20:30Z'));
  expect(Math.floor((posts[0]?.id ?? 0) / 2048)).toBe(Date.parse('2019-03-01T10:20:30Z'));
  const missing = itemsOf(app, row).find(
    ({ outcome, kind }) => outcome === 'skipped' && kind === 'post',
  );
  expect(missing?.reason).toBe('The photo is not in the archive.');
});

test('the same archive again, in another wrapping, brings nothing twice', async () => {
  const before = postsOf(app, ada);
  const row = await takeFile(app, ada, folder.write('b.zip', makeZip(await files())));
  expect(tally(app, row)).toEqual({ 'post skipped': 3, 'text skipped': 2, 'other skipped': 4 });
  expect(postsOf(app, ada)).toEqual(before);
});
