import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { JsonObject } from '#base/core/json.ts';
import { publishPost } from '#domain/posts/publish.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { createDocumentsApp, read, stranger } from './documents-world.ts';

// Keys and many requests: a busy machine takes its time.
setDefaultTimeout(30_000);

let app: TestApp;
let anna: Person;
let ben: Person;
let open: PostRow;
beforeAll(async () => {
  app = await createDocumentsApp();
  anna = await app.person('anna', 'owner');
  ben = await app.person('ben');
  open = post('public', 'open-0');
});
afterAll(() => app.close());

type Visibility = PostRow['visibility'];
function post(visibility: Visibility, caption: string, as = anna, inReplyToId?: number): PostRow {
  const input = { caption, mediaIds: [], visibility: 'public' as const };
  const parent = inReplyToId === undefined ? {} : { inReplyToId };
  const made = publishPost(app.ctx, as.viewer, { ...input, ...parent });
  app.ctx.db.query('UPDATE posts SET visibility = ? WHERE id = ?').run(visibility, made.id);
  return { ...made, visibility };
}
const run = (sql: string, ...values: (number | string | null)[]) =>
  app.ctx.db.query(sql).run(...values);

/** All items of a list, page after page, as a reader walks it. */
async function walk(path: string): Promise<{ pages: number; items: unknown[]; text: string }> {
  const { json: head } = await read(app, path);
  const items: unknown[] = [];
  let text = '';
  let pages = 0;
  let next = head.first;
  while (typeof next === 'string') {
    const page = await read(app, new URL(next).pathname);
    expect(page.status).toBe(200);
    expect(page.json.partOf).toBe(head.id as string);
    expect(page.json.type).toBe(`${String(head.type)}Page`);
    items.push(...((page.json.orderedItems ?? page.json.items) as unknown[]));
    text += page.text;
    pages += 1;
    next = page.json.next;
  }
  return { pages, items, text };
}

describe('T106: an outbox', () => {
  test('T107: has every open post and boost of an open one once, newest first, over all its pages, and nothing else', async () => {
    const told: string[] = [`https://photos.example/users/anna/posts/${open.id}`];
    for (let count = 1; count <= 45; count += 1) {
      const made = post(count % 2 === 0 ? 'public' : 'unlisted', `open-${count}`);
      told.unshift(`https://photos.example/users/anna/posts/${made.id}`);
    }
    for (const visibility of ['followers', 'direct', 'self'] as const) post(visibility, 'hidden');
    const archived = post('public', 'hidden');
    run('UPDATE posts SET archived_at = 1 WHERE id = ?', archived.id);
    const taken = post('public', 'hidden');
    run('UPDATE posts SET hidden_at = 1 WHERE id = ?', taken.id);
    const other = post('public', 'boosted', ben);
    const quiet = post('followers', 'hidden', ben);
    const share = (postId: number, visibility: string) => {
      const id = app.ctx.newId();
      run(
        'INSERT INTO shares (id, account_id, post_id, visibility, created_at) VALUES (?, ?, ?, ?, 1)',
        id,
        anna.viewer.id,
        postId,
        visibility,
      );
      return id;
    };
    const shareId = share(other.id, 'public');
    share(quiet.id, 'public');
    share(open.id, 'followers');
    const { pages, items, text } = await walk('/users/anna/outbox');
    expect(pages).toBe(5);
    expect(text).not.toContain('hidden');
    const [boost, ...creates] = items as JsonObject[];
    expect(boost as unknown).toEqual({
      id: `https://photos.example/users/anna#shares/${shareId}`,
      type: 'Announce',
      actor: 'https://photos.example/users/anna',
      published: '1970-01-01T00:00:00Z',
      to: ['https://www.w3.org/ns/activitystreams#Public'],
      cc: ['https://photos.example/users/anna/followers'],
      object: `https://photos.example/users/ben/posts/${other.id}`,
    });
    expect(creates.map(({ object }) => (object as JsonObject).id as string)).toEqual(told);
    expect(creates.every(({ type }) => type === 'Create')).toBe(true);
    expect((await read(app, '/users/anna/outbox')).json.totalItems).toBe(47);
  });

  test('of nobody, of somebody suspended and of somebody leaving is the same 404', async () => {
    const zoe = await app.person('zoe');
    expect((await read(app, '/users/zoe/outbox')).status).toBe(200);
    const missing = (await read(app, '/users/nobody/outbox')).text;
    for (const change of ['suspended_at', 'deletion_at']) {
      run(
        `UPDATE accounts SET suspended_at = NULL, deletion_at = NULL WHERE id = ?`,
        zoe.viewer.id,
      );
      run(`UPDATE accounts SET ${change} = 1 WHERE id = ?`, zoe.viewer.id);
      for (const list of ['outbox', 'outbox/0', 'followers', 'following', 'featured']) {
        const { status, text } = await read(app, `/users/zoe/${list}`);
        expect([status, text]).toEqual([404, missing]);
      }
      expect((await read(app, '/users/zoe')).status).toBe(404);
    }
  });
});

describe('T106: followers and followed', () => {
  test('are told by their ids, page after page', async () => {
    const cara = await app.person('cara');
    const expected = new Set<string>();
    for (let count = 0; count < 95; count += 1) {
      const id = stranger(app.ctx, `fan${count}`, 'fans.example');
      run(
        `INSERT INTO follows (follower_id, followee_id, state, created_at) VALUES (?, ?, ?, 1)`,
        id,
        cara.viewer.id,
        count < 90 ? 'accepted' : 'requested',
      );
      if (count < 90) expected.add(`https://fans.example/users/fan${count}`);
    }
    run('UPDATE accounts SET followers_count = 90 WHERE id = ?', cara.viewer.id);
    const { pages, items } = await walk('/users/cara/followers');
    expect(pages).toBe(3);
    expect(items.length).toBe(90);
    expect(new Set(items)).toEqual(expected as Set<unknown>);
    expect((await read(app, '/users/cara/following')).json).toEqual({
      '@context': 'https://www.w3.org/ns/activitystreams',
      id: 'https://photos.example/users/cara/following',
      type: 'OrderedCollection',
      totalItems: 0,
      first: 'https://photos.example/users/cara/following/0',
    });
  });

  test('are a number and no more where the account hides them', async () => {
    run(`UPDATE accounts SET hide_collections = 1 WHERE username = 'cara'`);
    const { json } = await read(app, '/users/cara/followers');
    expect(json.totalItems).toBe(90);
    expect(json).not.toHaveProperty('first');
    const page = await read(app, '/users/cara/followers/0');
    expect([page.status, page.text.includes('fan')]).toEqual([404, false]);
  });
});

describe('T106: what belongs to a post', () => {
  test('replies are those that everybody may see, local and remote, oldest first', async () => {
    const first = post('public', 'one', ben, open.id);
    const second = post('unlisted', 'two', ben, open.id);
    for (const visibility of ['followers', 'direct', 'self'] as const) {
      post(visibility, 'hidden', ben, open.id);
    }
    const remote = post('public', 'three', ben, open.id);
    run('UPDATE posts SET uri = ? WHERE id = ?', 'https://peer.example/notes/3', remote.id);
    const { items } = await walk(`/users/anna/posts/${open.id}/replies`);
    expect(items).toEqual([
      `https://photos.example/users/ben/posts/${first.id}`,
      `https://photos.example/users/ben/posts/${second.id}`,
      'https://peer.example/notes/3',
    ]);
  });

  test('likes and boosts are activities, without those who hide what they have to do with', async () => {
    const bob = stranger(app.ctx, 'bob');
    const shy = stranger(app.ctx, 'shy');
    run('UPDATE accounts SET hide_collections = 1 WHERE id = ?', shy);
    const like = `INSERT INTO likes (account_id, post_id, uri, created_at) VALUES (?, ?, ?, 1)`;
    run(like, ben.viewer.id, open.id, null);
    run(like, bob, open.id, 'https://peer.example/likes/1');
    run(like, shy, open.id, 'https://peer.example/likes/2');
    const likes = await walk(`/users/anna/posts/${open.id}/likes`);
    expect(likes.items).toEqual([
      `https://photos.example/users/ben#likes/${open.id}`,
      'https://peer.example/likes/1',
    ]);
    const share = `INSERT INTO shares (id, account_id, post_id, uri, visibility, created_at)
      VALUES (?, ?, ?, ?, ?, 1)`;
    run(share, app.ctx.newId(), bob, open.id, 'https://peer.example/shares/1', 'public');
    run(share, app.ctx.newId(), shy, open.id, 'https://peer.example/shares/2', 'followers');
    const shares = await walk(`/users/anna/posts/${open.id}/shares`);
    expect(shares.items).toEqual(['https://peer.example/shares/1']);
  });

  test('is not there for a post that is not for everybody, whoever asks', async () => {
    const missing = (await read(app, '/users/anna/posts/7/likes')).text;
    for (const visibility of ['followers', 'direct', 'self'] as const) {
      const hidden = post(visibility, 'hidden');
      for (const list of ['replies', 'likes', 'shares', 'replies/0', 'likes/0', 'shares/0']) {
        const { status, text } = await read(app, `/users/anna/posts/${hidden.id}/${list}`);
        expect([status, text]).toEqual([404, missing]);
      }
    }
  });

  test('pinned posts are told whole, at both addresses, and only open ones', async () => {
    const hidden = post('followers', 'hidden');
    for (const [index, id] of [open.id, hidden.id].entries()) {
      run(
        'INSERT INTO featured (account_id, post_id, created_at) VALUES (?, ?, ?)',
        anna.viewer.id,
        id,
        index,
      );
    }
    for (const path of ['/users/anna/featured', '/users/anna/collections/featured']) {
      const { json } = await read(app, path);
      expect(json.totalItems).toBe(1);
      expect((json.orderedItems as JsonObject[]).map(({ id, type }) => [id, type])).toEqual([
        [`https://photos.example/users/anna/posts/${open.id}`, 'Note'],
      ]);
    }
  });
});
