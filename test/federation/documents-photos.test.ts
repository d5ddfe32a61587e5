import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { JsonObject } from '#base/core/json.ts';
import { archivePost } from '#domain/posts/archive.ts';
import { deletePost } from '#domain/posts/delete.ts';
import { publishPost } from '#domain/posts/publish.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import { reconcileUsage } from '#domain/storage/reconcile.ts';
import { noteDocument } from '#doors/federation/documents/note.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { sharp } from '#test/harness/pictures.ts';
import { imagesHere } from '#test/media/images-here.ts';
import { add, photo } from '#test/media/world.ts';
import { createDocumentsApp, stranger } from './documents-world.ts';

// Keys and many requests: a busy machine takes its time.
setDefaultTimeout(30_000);

let app: TestApp;
let anna: Person;
beforeAll(async () => {
  app = await createDocumentsApp({ images: imagesHere() });
  anna = await app.person('anna', 'owner');
});
afterAll(() => app.close());

const run = (sql: string, ...values: (number | string)[]) => app.ctx.db.query(sql).run(...values);

async function publish(visibility: PostRow['visibility'], bytes?: Uint8Array): Promise<PostRow> {
  const media = await add(app, anna.viewer.id, bytes ?? (await photo(64, 48)));
  const input = { caption: 'Ours', mediaIds: [media.id], visibility: 'public' as const };
  const post = publishPost(app.ctx, anna.viewer, input);
  run('UPDATE posts SET visibility = ? WHERE id = ?', visibility, post.id);
  return { ...post, visibility };
}

function photoOf(post: PostRow, forDomain?: string): JsonObject {
  const note = noteDocument(app.ctx, post, forDomain === undefined ? {} : { forDomain });
  const [first] = note.attachment as JsonObject[];
  if (!first) throw new Error('no photo');
  return first;
}
const pathOf = (attachment: JsonObject) => new URL(String(attachment.url)).pathname;
const status = async (path: string, headers = {}) => (await app.request(path, { headers })).status;

function followBy(domain: string): number {
  const id = stranger(app.ctx, `fan${app.ctx.newId()}`, domain);
  run(
    `INSERT INTO follows (follower_id, followee_id, state, created_at) VALUES (?, ?, 'accepted', 1)`,
    id,
    anna.viewer.id,
  );
  return id;
}

describe('the file that other servers get', () => {
  const channels = { r: 0, g: 90, b: 200, alpha: 0.5 };
  const glass = () =>
    sharp({ create: { width: 90, height: 60, channels: 4, background: channels } })
      .png()
      .toBuffer();

  test('is a JPEG on white of a transparent photo, while the page keeps the transparent one', async () => {
    const sent = photoOf(await publish('public', await glass()));
    expect(sent).toMatchObject({ mediaType: 'image/jpeg', width: 90, height: 60 });
    const answer = await app.request(pathOf(sent));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    const { data } = await sharp(Buffer.from(await answer.arrayBuffer()))
      .raw()
      .toBuffer({ resolveWithObject: true });
    // Half of the blue on white, give or take what JPEG does to it.
    expect(Math.abs((data[0] ?? 0) - 128)).toBeLessThan(12);
    const page = await (await app.request('/@anna')).text();
    expect(page).toContain('.webp');
    expect(page).not.toContain(pathOf(sent));
  });

  test('is weighed like every other file of the photo, and goes with it', async () => {
    const before = await reconcileUsage(app.ctx);
    const media = await add(app, anna.viewer.id, await glass());
    const files = media.renditions.map(({ name }) => name).sort();
    expect(files).toEqual(['large', 'medium', 'peer', 'small']);
    const bytes = media.renditions.reduce((sum, file) => sum + file.bytes, media.sourceBytes);
    expect([before, await reconcileUsage(app.ctx)]).toEqual([[], []]);
    const small = await createDocumentsApp({
      images: imagesHere(),
      settings: { 'quota.account': String(bytes - 1) },
    });
    const zoe = await small.person('zoe', 'owner');
    await expect(add(small, zoe.viewer.id, await glass())).rejects.toMatchObject({
      kind: 'out_of_space',
    });
    await small.close();
  });

  test('is the same file as everybody gets of an opaque photo, and costs nothing more', async () => {
    const sent = photoOf(await publish('public'));
    expect(sent.mediaType).toBe('image/jpeg');
    const [{ n } = { n: 0 }] = app.ctx.db
      .query<{ n: number }, []>(
        `SELECT count(*) AS n FROM renditions
         WHERE name = 'peer' AND media_id = (SELECT max(id) FROM media)`,
      )
      .all();
    expect(n).toBe(0);
  });

  test('of an animated WebP is its first frame as a JPEG, of a GIF the GIF', async () => {
    const frames = await Promise.all(
      ['#f00', '#00f'].map((background) =>
        sharp({ create: { width: 40, height: 30, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const moving = sharp(frames, { join: { animated: true } });
    const webp = photoOf(await publish('public', await moving.clone().webp().toBuffer()));
    expect(webp).toMatchObject({ mediaType: 'image/jpeg', width: 40, height: 30 });
    const gif = photoOf(await publish('public', await moving.clone().gif().toBuffer()));
    expect(gif).toMatchObject({ mediaType: 'image/gif', width: 40, height: 30 });
  });

  test('follows the cut of the photo, under a new address', async () => {
    const post = await publish('public', await glass());
    const before = photoOf(post);
    const [media] = app.ctx.db
      .query<{ id: number }, [number]>('SELECT id FROM media WHERE post_id = ?')
      .all(post.id);
    const form = { edits: { rotate: 90, crop: null } };
    const { describeMedia } = await import('#domain/media/describe.ts');
    await describeMedia(app.ctx, anna.viewer.id, media?.id ?? 0, form as never);
    const after = photoOf(post);
    expect(after).toMatchObject({ mediaType: 'image/jpeg', width: 60, height: 90 });
    expect(after.url).not.toBe(before.url ?? '');
    expect(await status(pathOf(before))).toBe(404);
  });

  test('is made at night of photos from before there was such a file, once', async () => {
    const post = await publish('public', await glass());
    run(`DELETE FROM renditions WHERE name = 'peer'`);
    expect(noteDocument(app.ctx, post).attachment as unknown).toEqual([]);
    const { signal } = new AbortController();
    const { completePeerFiles } = await import('#domain/media/complete-peer-files.ts');
    expect(await completePeerFiles(app.ctx, signal)).toBeGreaterThan(0);
    expect(photoOf(post)).toMatchObject({ mediaType: 'image/jpeg', width: 90, height: 60 });
    expect((await app.request(pathOf(photoOf(post)))).status).toBe(200);
    expect(await completePeerFiles(app.ctx, signal)).toBe(0);
  });

  test('T32: is made anew from the pixels: what hid in an upload is in no file for others', async () => {
    const document = JSON.stringify({ '@context': 'as', id: 'https://photos.example/users/evil' });
    const bytes = Buffer.concat([await photo(64, 48), Buffer.from(document)]);
    const sent = photoOf(await publish('public', new Uint8Array(bytes)));
    const answer = await app.request(pathOf(sent), {
      headers: { accept: 'application/activity+json' },
    });
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await answer.arrayBuffer()).includes('users/evil')).toBe(false);
  });
});

describe('T105: the secret address of a photo for followers', () => {
  test('opens without a session and is kept by nobody; the plain one stays shut', async () => {
    followBy('peer.example');
    const post = await publish('followers');
    const sent = photoOf(post, 'peer.example');
    const answer = await app.request(pathOf(sent));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(String(sent.mediaType));
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(answer.headers.get('access-control-allow-origin')).not.toBeNull();
    const part = await app.request(pathOf(sent), { headers: { range: 'bytes=0-9' } });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
    for (const name of app.ctx.db
      .query<{ name: string }, [number]>(
        `SELECT r.blob_name AS name FROM renditions r JOIN media m ON m.id = r.media_id
         WHERE m.post_id = ?`,
      )
      .all(post.id)) {
      expect(await status(`/media/${name.name}`)).toBe(404);
    }
  });

  test('is one for each server, the same each time, and none without a server', async () => {
    const post = await publish('followers');
    expect(photoOf(post, 'peer.example').url).toBe(photoOf(post, 'PEER.example').url ?? '');
    expect(photoOf(post, 'peer.example').url).not.toBe(photoOf(post, 'other.example').url ?? '');
    expect(noteDocument(app.ctx, post).attachment as unknown).toEqual([]);
  });

  test('ends with the last follower on that server', async () => {
    const fan = followBy('lonely.example');
    const path = pathOf(photoOf(await publish('followers'), 'lonely.example'));
    expect(await status(path)).toBe(200);
    run('UPDATE accounts SET suspended_at = 1 WHERE id = ?', fan);
    expect(await status(path)).toBe(404);
    run('UPDATE accounts SET suspended_at = NULL WHERE id = ?', fan);
    run(`UPDATE follows SET state = 'requested' WHERE follower_id = ?`, fan);
    expect(await status(path)).toBe(404);
    run('DELETE FROM follows WHERE follower_id = ?', fan);
    expect(await status(path)).toBe(404);
  });

  test('of somebody else’s server opens nothing: followers elsewhere do not count', async () => {
    followBy('peer.example');
    const path = pathOf(photoOf(await publish('followers'), 'nobody.example'));
    expect(await status(path)).toBe(404);
  });

  test('ends with the post: narrowed, archived, hidden, deleted, its author gone', async () => {
    followBy('peer.example');
    const make = async () => {
      const post = await publish('followers');
      return { post, path: pathOf(photoOf(post, 'peer.example')) };
    };
    for (const visibility of ['self', 'direct']) {
      const { post, path } = await make();
      run('UPDATE posts SET visibility = ? WHERE id = ?', visibility, post.id);
      expect(await status(path)).toBe(404);
    }
    const hidden = await make();
    run('UPDATE posts SET hidden_at = 1 WHERE id = ?', hidden.post.id);
    expect(await status(hidden.path)).toBe(404);
    const archived = await make();
    archivePost(app.ctx, anna.viewer, archived.post.id);
    expect(await status(archived.path)).toBe(404);
    const deleted = await make();
    deletePost(app.ctx, anna.viewer, deleted.post.id);
    expect(await status(deleted.path)).toBe(404);
    const left = await make();
    for (const change of ['suspended_at', 'deletion_at']) {
      run(`UPDATE accounts SET ${change} = 1 WHERE id = ?`, anna.viewer.id);
      expect(await status(left.path)).toBe(404);
      run(`UPDATE accounts SET ${change} = NULL WHERE id = ?`, anna.viewer.id);
    }
    expect(await status(left.path)).toBe(200);
  });

  test('of a message opens for the server of who is named, a follower is not enough', async () => {
    followBy('peer.example');
    const post = await publish('direct');
    const path = pathOf(photoOf(post, 'peer.example'));
    expect(await status(path)).toBe(404);
    const named = stranger(app.ctx, 'named', 'peer.example');
    run('INSERT INTO mentions (post_id, account_id) VALUES (?, ?)', post.id, named);
    expect(await status(path)).toBe(200);
  });

  test('ends with a block of the server', async () => {
    followBy('bad.example');
    const path = pathOf(photoOf(await publish('followers'), 'bad.example'));
    expect(await status(path)).toBe(200);
    run(`INSERT INTO domain_rules (domain, rule, created_at) VALUES ('bad.example', 'block', 1)`);
    expect(await status(path)).toBe(404);
  });

  test('T113: that never was answers like one that ended', async () => {
    const shape = async (path: string) => {
      const answer = await app.request(path);
      const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id');
      return JSON.stringify([answer.status, headers.sort(), await answer.text()]);
    };
    const ended = pathOf(photoOf(await publish('followers'), 'nobody.example'));
    const never = `/media/shared/${'a'.repeat(26)}.jpg`;
    expect(await shape(ended)).toBe(await shape(never));
    expect(await shape(ended)).toBe(await shape(`/media/${'a'.repeat(26)}.jpg`));
  });
});

test('T105: in a family a secret address gets past the gate, and only while it speaks with others', async () => {
  const settings = { mode: 'family', 'federation.with': 'open' };
  const family = await createDocumentsApp({ images: imagesHere(), settings });
  const mum = await family.person('mum', 'owner');
  const media = await add(family, mum.viewer.id, await photo(64, 48));
  const post = publishPost(family.ctx, mum.viewer, { caption: 'Ours', mediaIds: [media.id] });
  const granny = stranger(family.ctx, 'granny', 'peer.example');
  family.ctx.db
    .query(
      `INSERT INTO follows (follower_id, followee_id, state, created_at) VALUES (?, ?, 'accepted', 1)`,
    )
    .run(granny, mum.viewer.id);
  const note = noteDocument(family.ctx, post, { forDomain: 'peer.example' });
  const [sent] = note.attachment as JsonObject[];
  const path = pathOf(sent ?? {});
  expect((await family.request(path)).status).toBe(200);
  expect((await family.request(`/media/shared/${'a'.repeat(26)}.jpg`)).status).toBe(404);
  family.ctx.db.query('DELETE FROM follows').run();
  expect((await family.request(path)).status).toBe(404);
  await family.close();
});
