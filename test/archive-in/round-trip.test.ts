import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { copyFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { addMedia } from '#domain/media/add.ts';
import { describeMedia } from '#domain/media/describe.ts';
import { archivePost } from '#domain/posts/archive.ts';
import { deletePost } from '#domain/posts/delete.ts';
import { type PostInput, publishPost } from '#domain/posts/publish.ts';
import { writeArchive } from '#doors/archive/write-archive.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { archiveFolder, itemsOf, photo, postsOf, takeFile, tally } from './world.ts';

// Each reading starts a process; a machine with other work takes its time.
setDefaultTimeout(60_000);

const folder = archiveFolder();
let app: TestApp;
let ada: Person;
let bob: Person;
let archive: string;

async function addPhoto(n: number, description: string): Promise<number> {
  const path = app.ctx.files.tempPath();
  await Bun.write(path, new Uint8Array(await photo(n)));
  const { size } = statSync(path);
  const focus = { x: 0.25, y: -0.5 };
  return (await addMedia(app.ctx, ada.viewer.id, { path, bytes: size, description, focus })).id;
}

function publish(input: Partial<PostInput>) {
  app.clock.advance(61_000);
  return publishPost(app.ctx, ada.viewer, { caption: '', mediaIds: [], ...input });
}

/** Everything of the posts of a person that must survive, by what does not change. */
function stateOf(person: Person) {
  const posts = app.ctx.db
    .query<Record<string, unknown> & { id: number }, { id: number }>(
      `SELECT id, visibility, caption, caption_html, spoiler, sensitive, language, licence, place,
         comments_disabled, likes_disabled, shares_disabled, media_count, published_at,
         archived_at IS NOT NULL AS archived, in_reply_to_id IS NOT NULL AS comment
       FROM posts WHERE account_id = $id ORDER BY published_at`,
    )
    .all({ id: person.viewer.id });
  return posts.map(({ id, ...post }) => ({
    ...post,
    tags: app.ctx.db
      .query(
        'SELECT t.name FROM post_tags p JOIN tags t ON t.id = p.tag_id WHERE p.post_id = ? ORDER BY 1',
      )
      .values(id),
    photos: app.ctx.db
      .query(
        `SELECT b.sha256, m.source_mime, m.width, m.height, m.description, m.focus_x, m.focus_y, m.edits
         FROM media m JOIN blobs b ON b.name = m.original_blob WHERE m.post_id = ? ORDER BY m.position`,
      )
      .values(id),
  }));
}

beforeAll(async () => {
  app = await createTestApp();
  ada = await app.person('ada', 'owner');
  bob = await app.person('bob');
  app.clock.advance(-400 * 24 * 3_600_000);
  const first = publish({
    caption: 'Dawn by the #Lake with @bob\n\nhttps://example.org/a?b=c&d',
    mediaIds: [
      await addPhoto(1, 'A lake.\nMist.'),
      await addPhoto(2, ''),
      await addPhoto(3, '"Three" <b>'),
    ],
    ...{ place: 'Bodensee', language: 'de', licence: 'cc-by-sa-4.0' },
  });
  publish({ caption: 'thanks', inReplyToId: first.id });
  publish({ caption: 'words alone', visibility: 'unlisted', sharesDisabled: true });
  publish({
    ...{
      mediaIds: [await addPhoto(4, 'cut')],
      visibility: 'followers',
      spoiler: 'mind',
      sensitive: true,
    },
    ...{ commentsDisabled: true, likesDisabled: true },
  });
  publish({ caption: 'for me', visibility: 'self', mediaIds: [await addPhoto(5, 'me')] });
  const away = publish({ caption: 'away', mediaIds: [await addPhoto(6, 'away')] });
  archivePost(app.ctx, ada.viewer, away.id);
  const turned = await addPhoto(7, 'turned');
  await describeMedia(app.ctx, ada.viewer.id, turned, { edits: { rotate: 90, crop: null } });
  publish({ mediaIds: [turned] });
  publishPost(app.ctx, bob.viewer, { caption: 'nice', mediaIds: [], inReplyToId: first.id });
  app.clock.advance(400 * 24 * 3_600_000);
  archive = join(app.ctx.files.exports, 'ada.zip');
  const { config } = app.ctx;
  const scratch = join(app.ctx.files.exports, 'scratch');
  await writeArchive(
    { config, accountId: ada.viewer.id, renditions: false, to: archive, scratch },
    () => undefined,
  );
  const kept = folder.write('ada.zip', '');
  copyFileSync(archive, kept);
  archive = kept;
});
afterAll(async () => {
  await app.close();
  folder.remove();
});

test('an archive that is brought while everything is still here brings nothing twice', async () => {
  const before = stateOf(ada);
  const row = await takeFile(app, ada, archive, { profile: false });
  expect(row.format).toBe('tintype');
  expect(tally(app, row)['post skipped']).toBe(5);
  expect(stateOf(ada)).toEqual(before);
});

test('export, delete, import: the same posts, dates, words and originals, byte for byte', async () => {
  const before = stateOf(ada);
  expect(before).toHaveLength(7);
  for (const { id } of postsOf(app, ada)) deletePost(app.ctx, ada.viewer, id);
  await app.settle();
  expect(stateOf(ada)).toEqual([]);
  const row = await takeFile(app, ada, archive, { profile: false });
  expect(row.state).toBe('done');
  expect(itemsOf(app, row).filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(stateOf(ada)).toEqual(before);
  const others = itemsOf(app, row).filter(({ kind }) => kind === 'other');
  expect(others.map(({ label }) => label)).toContain('1 comments by others');
  const [post] = postsOf(app, ada);
  const [media] = listMediaOfPostsOf(post?.id ?? 0);
  const bytes = readFileSync(app.ctx.files.mediaPath(media ?? ''));
  expect(bytes.equals(await photo(1))).toBe(true);
});

test('T117: the archive of one person becomes posts of whoever brings it, with no more sight than chosen', async () => {
  const row = await takeFile(app, bob, archive, {
    visibility: 'self',
    textPosts: false,
    profile: false,
    people: false,
  });
  expect(row.state).toBe('done');
  const posts = postsOf(app, bob).filter(({ caption }) => caption !== 'nice');
  expect(posts.length).toBeGreaterThan(3);
  expect(new Set(posts.map(({ visibility }) => visibility))).toEqual(new Set(['self']));
});

function listMediaOfPostsOf(postId: number): string[] {
  return app.ctx.db
    .query('SELECT original_blob FROM media WHERE post_id = ? ORDER BY position')
    .values(postId)
    .map(([name]) => String(name));
}
