import { expect, test } from 'bun:test';
import { remoteMediaPath } from '#domain/media/remote-address.ts';
import { openMedia } from '#domain/posts/open-media.ts';
import { canSeeMedia } from '#domain/posts/see-media.ts';
import { seeRemoteMedia } from '#domain/posts/see-remote-media.ts';
import { createFullWorld, publish, upload } from '#test/harness/full-world.ts';

test.each(['community', 'family'])('many files are decided as one is, in mode %s', async (mode) => {
  const { app, ben } = await createFullWorld({ settings: { mode } });
  for (const visibility of ['private', 'unlisted', 'direct']) {
    await publish(app, ben, { status: 'x', media_ids: [await upload(app, ben, 'x')], visibility });
  }
  await upload(app, ben, 'without a post');
  const { ctx } = app;
  const files = ctx.db
    .query<{ name: string }, []>('SELECT name FROM blobs')
    .all()
    .map(({ name }) => name);
  const names = [...files, 'aaaaaaaaaaaaaaaaaaaaaaaaaa.jpg', '1/download'];
  const open = openMedia(ctx, names);
  const alone = names.filter((name) => canSeeMedia(ctx, null, name) === 'public');
  expect([...open].sort()).toEqual(alone.sort());
  expect(open.size > 0).toBe(mode === 'community');
  await app.close();
});

test('copies of pictures of other servers are decided as one is', async () => {
  const { app, album } = await createFullWorld();
  const { ctx } = app;
  // Another server's people, posts and photos: an answer to ours, one of its own, one without pictures.
  ctx.db.run(`INSERT INTO accounts (id, username, role, domain, uri, created_at, avatar_url)
    VALUES (11, 'zoe', 'member', 'far.example', 'https://far.example/zoe', 0,
      'https://far.example/a.jpg')`);
  for (const [id, answers, visibility] of [
    [21, album, 'public'],
    [22, 'NULL', 'public'],
    [23, album, 'followers'],
  ]) {
    ctx.db.run(`INSERT INTO posts (id, account_id, audience_id, visibility, in_reply_to_id, uri, published_at)
      VALUES (${id}, 11, 11, '${visibility}', ${answers}, 'https://far.example/${id}', 0)`);
    ctx.db.run(`INSERT INTO media (id, account_id, post_id, source_mime, source_bytes, width, height,
      blurhash, remote_url, created_at, updated_at) VALUES (${id}, 11, ${id}, 'image/jpeg', 0, 1, 1, '',
      'https://far.example/${id}.jpg', 0, 0)`);
  }
  const refs = [
    ...[21, 22, 23, 24].map((id) => ({ kind: 'photo', id }) as const),
    { kind: 'avatar', id: 11 } as const,
    { kind: 'header', id: 11 } as const,
    { kind: 'avatar', id: 12 } as const,
  ];
  const names = refs.map(({ kind, id }) => remoteMediaPath(ctx, kind, id, 'small').slice(7));
  const open = openMedia(ctx, [...names, 'remote/photo/21/small-aaaaaaaaaaaaaaaaaaaaaa.webp']);
  const alone = refs.map((ref) => seeRemoteMedia(ctx, null, ref)?.access === 'public');
  expect(names.map((name) => open.has(name))).toEqual(alone);
  expect(alone.filter(Boolean).length).toBe(2);
  expect(open.size).toBe(3);
  await app.close();
});
