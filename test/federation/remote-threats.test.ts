import { afterEach, expect, test } from 'bun:test';
import { transaction } from '#base/db/transaction.ts';
import { updateSuspension } from '#domain/accounts/queries.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import { confirmMove, isActorGone } from '#doors/federation/remote/actor-status.ts';
import { readCollection } from '#doors/federation/remote/crawl.ts';
import { fetchDocument } from '#doors/federation/remote/fetch-document.ts';
import { readProfile } from '#doors/federation/remote/fetch-profile.ts';
import { readThread } from '#doors/federation/remote/fetch-thread.ts';
import { readSoftware } from '#doors/federation/remote/learn-software.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { resolveHandle } from '#doors/federation/remote/resolve-handle.ts';
import { resolvePost } from '#doors/federation/remote/resolve-post.ts';
import { resolveText } from '#doors/federation/remote/resolve-text.ts';
import { openCanary } from '#test/harness/federation.ts';
import { closeAll, createWorld, finger, hits, keepOpen, note, typed } from './remote-world.ts';

afterEach(closeAll);

test('T25: an actor is gone when its server says so twice in a row', async () => {
  const { app, peer, bob } = await createWorld();
  await resolveActor(app.ctx, bob.uri);
  const answers: (Response | 'there')[] = [];
  peer.serve('/users/bob', () => {
    const next = answers.shift() ?? 'there';
    return next === 'there' ? bob.document : next;
  });
  const gone = () => new Response('Gone', { status: 410 });
  answers.push(gone());
  expect(await isActorGone(app.ctx, bob.uri)).toBe(false);
  answers.push(gone(), new Response('Busy', { status: 503 }));
  expect(await isActorGone(app.ctx, bob.uri)).toBe(false);
  expect(await isActorGone(app.ctx, bob.uri)).toBe(false);
  answers.push(gone(), new Response('Not found', { status: 404 }));
  expect(await isActorGone(app.ctx, bob.uri)).toBe(true);
  const tombstone = { id: bob.uri, type: 'Tombstone' };
  answers.push(typed(tombstone, 'application/activity+json')(), gone());
  expect(await isActorGone(app.ctx, bob.uri)).toBe(true);
  await peer.close();
  expect(await isActorGone(app.ctx, bob.uri)).toBe(false);
});

test('T26: a move counts when the other side names the old account, and goes nowhere else', async () => {
  const { app, peer, evil, bob } = await createWorld();
  const account = await resolveActor(app.ctx, bob.uri);
  if (!account) throw new Error('Bob was not found.');
  const stranger = evil.actor('stranger');
  expect(await confirmMove(app.ctx, account, stranger.uri)).toBeNull();
  const heir = evil.actor('heir', { alsoKnownAs: [bob.uri] });
  expect(await confirmMove(app.ctx, account, heir.uri)).toMatchObject({ uri: heir.uri });
  // Known for long, named since: it is read anew.
  Object.assign(stranger.document, { alsoKnownAs: bob.uri });
  expect(await confirmMove(app.ctx, account, stranger.uri)).toMatchObject({ uri: stranger.uri });
  // To itself, to nothing, and in a circle.
  expect(await confirmMove(app.ctx, account, bob.uri)).toBeNull();
  expect(await confirmMove(app.ctx, account, `${peer.origin}/nobody`)).toBeNull();
  Object.assign(heir.document, { movedTo: bob.uri });
  Object.assign(bob.document, { alsoKnownAs: [heir.uri] });
  await resolveActor(app.ctx, bob.uri, { fresh: true });
  expect(await confirmMove(app.ctx, account, heir.uri)).toBeNull();
});

test('T26: somebody of another server moves to an account of this one that names them', async () => {
  const { app, bob } = await createWorld();
  await app.person('ada', 'owner');
  const account = await resolveActor(app.ctx, bob.uri);
  if (!account) throw new Error('Bob was not found.');
  const own = `${app.origin}/users/ada`;
  expect(await confirmMove(app.ctx, account, own)).toBeNull();
  app.ctx.db
    .query("UPDATE accounts SET also_known_as = $names WHERE username = 'ada'")
    .run({ names: JSON.stringify([bob.uri]) });
  expect(await confirmMove(app.ctx, account, own)).toMatchObject({ username: 'ada', domain: null });
});

test('T28: posts of suspended people and blocked servers come in by no way of asking', async () => {
  const { app, peer, evil, bob } = await createWorld();
  const account = await resolveActor(app.ctx, bob.uri);
  transaction(app.ctx.db, () => updateSuspension(app.ctx.db, account?.id ?? 0, app.ctx.now()));
  const id = `${peer.origin}/posts/1`;
  peer.serve('/posts/1', note(id, bob.uri));
  const mallory = evil.actor('mallory');
  const answer = `${evil.origin}/posts/2`;
  evil.serve('/posts/2', note(answer, mallory.uri, { inReplyTo: id }));
  expect(await resolvePost(app.ctx, id)).toBeNull();
  expect(await resolveText(app.ctx, id)).toBeNull();
  expect(await resolveText(app.ctx, bob.handle)).toBeNull();
  expect(await resolvePost(app.ctx, answer, { depth: 20 })).toMatchObject({ inReplyToId: null });
  expect(readPostByUri(app.ctx, id)).toBeNull();
  app.ctx.db
    .query("INSERT INTO domain_rules (domain, rule, created_at) VALUES ($domain, 'block', 1)")
    .run({ domain: '127.0.0.4' });
  const asked = evil.requests.length;
  expect(await resolvePost(app.ctx, answer)).toBeNull();
  expect(await resolveText(app.ctx, answer)).toBeNull();
  expect(await resolveActor(app.ctx, mallory.uri)).toBeNull();
  expect(await resolveHandle(app.ctx, mallory.handle)).toBeNull();
  peer.serve('/to-evil', Response.redirect(mallory.uri, 302));
  await expect(fetchDocument(app.ctx, `${peer.origin}/to-evil`)).rejects.toThrow();
  expect(evil.requests.length).toBe(asked);
});

test('T41: no way of asking for actors, keys, handles, software or pages follows a redirect to a refused address', async () => {
  const { app, peer } = await createWorld();
  const canary = keepOpen(openCanary());
  const away = () => Response.redirect(`${canary.origin}/secret`, 302);
  for (const path of ['/users/eve', '/users/eve/key', '/@eve', '/posts/1', '/list', '/info']) {
    peer.serve(path, away);
  }
  finger(peer, `acct:eve@${peer.host}`, away);
  peer.serve('/.well-known/nodeinfo', {
    links: [
      {
        rel: 'http://nodeinfo.diaspora.software/ns/schema/2.0',
        href: `${peer.origin}/info`,
      },
    ],
  });
  expect(await resolveActor(app.ctx, `${peer.origin}/users/eve`)).toBeNull();
  await expect(fetchDocument(app.ctx, `${peer.origin}/users/eve/key`)).rejects.toThrow();
  expect(await resolveHandle(app.ctx, `eve@${peer.host}`)).toBeNull();
  expect(await resolveText(app.ctx, `${peer.origin}/@eve`)).toBeNull();
  expect(await resolvePost(app.ctx, `${peer.origin}/posts/1`)).toBeNull();
  expect(await readCollection(app.ctx, `${peer.origin}/list`)).toEqual([]);
  await readSoftware(app.ctx, peer.host);
  peer.serve('/.well-known/nodeinfo', away);
  await readSoftware(app.ctx, peer.host);
  for (const address of [canary.origin, 'http://169.254.169.254/', 'http://localhost./']) {
    expect(await resolveText(app.ctx, address)).toBeNull();
    expect(await resolveActor(app.ctx, address)).toBeNull();
  }
  expect(await resolveHandle(app.ctx, `eve@${new URL(canary.origin).host}`)).toBeNull();
  expect(canary.connections()).toBe(0);
});

test('T42: an actor whose inbox is on another server, or on this one, is none', async () => {
  const { app, evil } = await createWorld();
  await app.person('ada', 'owner');
  const own = `${app.origin}/users/ada/inbox`;
  const others = ['http://127.0.0.3:6379/', own, 'http://10.0.0.1/inbox', 'ftp://x/', '/inbox', ''];
  for (const [index, inbox] of others.entries()) {
    const actor = evil.actor(`eve${index}`, { inbox });
    expect(await resolveActor(app.ctx, actor.uri)).toBeNull();
  }
  const shared = evil.actor('shared', {
    endpoints: { sharedInbox: `${app.origin}/inbox` },
    featured: `${app.origin}/users/ada/featured`,
    outbox: 'http://10.0.0.1/outbox',
  });
  expect(await resolveActor(app.ctx, shared.uri)).toMatchObject({
    inboxUrl: shared.inbox,
    sharedInboxUrl: null,
    featuredUrl: null,
    outboxUrl: null,
  });
});

test('T47: a list that goes on for ever is left after five pages and fifty entries', async () => {
  const { app, evil } = await createWorld();
  let running = 0;
  let most = 0;
  const mallory = evil.actor('mallory');
  const id = `${evil.origin}/posts/0`;
  evil.serve('/posts/0', note(id, mallory.uri, { replies: `${evil.origin}/replies` }));
  evil.serve('/replies', {
    id: `${evil.origin}/replies`,
    type: 'Collection',
    first: `${evil.origin}/replies/1`,
  });
  for (let page = 1; page < 40; page += 1) {
    const items = Array.from(
      { length: 30 },
      (_, index) => `${evil.origin}/answers/${page}-${index}`,
    );
    evil.serve(`/replies/${page}`, {
      id: `${evil.origin}/replies/${page}`,
      type: 'CollectionPage',
      next: `${evil.origin}/replies/${page + 1}`,
      items,
    });
    for (const [index, uri] of items.entries()) {
      evil.serve(`/answers/${page}-${index}`, async () => {
        running += 1;
        most = Math.max(most, running);
        await Bun.sleep(2);
        running -= 1;
        return note(uri, mallory.uri, { inReplyTo: id, replies: `${uri}/replies` });
      });
    }
  }
  const post = await resolvePost(app.ctx, id);
  expect(hits(evil, '/replies')).toBe(0);
  expect(await readThread(app.ctx, post?.id ?? 0)).toBe(50);
  expect(hits(evil, '/answers/')).toBe(50);
  expect(most).toBeLessThanOrEqual(2);
  // Within the hour nobody asks again.
  const asked = evil.requests.length;
  expect(await readThread(app.ctx, post?.id ?? 0)).toBe(0);
  expect(evil.requests.length).toBe(asked);
  // Short pages end it, too: five, however they go on.
  for (let page = 1; page < 40; page += 1) {
    const address = `${evil.origin}/short/${page}`;
    evil.serve(`/short/${page}`, {
      id: address,
      type: 'CollectionPage',
      next: `${evil.origin}/short/${page + 1}`,
      items: [`${evil.origin}/x/${page}`],
    });
  }
  expect((await readCollection(app.ctx, `${evil.origin}/short/1`)).length).toBe(5);
  const empty = { type: 'CollectionPage', items: [] };
  for (let page = 1; page < 40; page += 1) {
    evil.serve(`/empty/${page}`, { ...empty, next: `${evil.origin}/empty/${page + 1}` });
  }
  expect(await readCollection(app.ctx, `${evil.origin}/empty/1`)).toEqual([]);
  expect(hits(evil, '/empty/')).toBeLessThanOrEqual(6);
});

test('T47: a profile is read within limits, and pins only what is its own', async () => {
  const { app, peer, evil, bob } = await createWorld();
  const mallory = evil.actor('mallory');
  const posts = Array.from({ length: 60 }, (_, index) => `${peer.origin}/posts/${index}`);
  for (const [index, id] of posts.entries()) peer.serve(`/posts/${index}`, note(id, bob.uri));
  const foreign = `${evil.origin}/posts/1`;
  evil.serve('/posts/1', note(foreign, mallory.uri));
  peer.serve('/users/bob/featured', {
    id: `${bob.uri}/featured`,
    type: 'OrderedCollection',
    orderedItems: [foreign, posts[3], { id: posts[1], type: 'Note' }],
  });
  peer.serve('/users/bob/outbox', {
    id: `${bob.uri}/outbox`,
    type: 'OrderedCollection',
    orderedItems: posts.map((id) => ({ type: 'Create', actor: bob.uri, object: id })),
  });
  const account = await resolveActor(app.ctx, bob.uri);
  await readProfile(app.ctx, account?.id ?? 0);
  const pinned = app.ctx.db
    .query<{ uri: string }, []>(
      'SELECT p.uri FROM featured f JOIN posts p ON p.id = f.post_id ORDER BY p.uri',
    )
    .all()
    .map((row) => row.uri);
  expect(pinned).toEqual([posts[1] ?? '', posts[3] ?? '']);
  expect(hits(peer, '/posts/')).toBe(20);
  expect(hits(evil, '/posts/')).toBe(0);
  await readProfile(app.ctx, account?.id ?? 0);
  expect(hits(peer, '/users/bob/outbox')).toBe(1);
});

test('T47: a conversation is followed upwards for twenty posts', async () => {
  const { app, peer, bob } = await createWorld();
  const at = (index: number) => `${peer.origin}/posts/${index}`;
  for (let index = 0; index < 60; index += 1) {
    peer.serve(`/posts/${index}`, note(at(index), bob.uri, { inReplyTo: at(index + 1) }));
  }
  expect(await resolvePost(app.ctx, at(0), { depth: 1000 })).not.toBeNull();
  expect(hits(peer, '/posts/')).toBe(21);
});

test('T48: answers in a circle end', async () => {
  const { app, peer, bob } = await createWorld();
  const [one, two] = [`${peer.origin}/posts/1`, `${peer.origin}/posts/2`];
  peer.serve('/posts/1', note(one, bob.uri, { inReplyTo: two, replies: `${one}/replies` }));
  peer.serve('/posts/2', note(two, bob.uri, { inReplyTo: one }));
  peer.serve(
    '/posts/3',
    note(`${peer.origin}/posts/3`, bob.uri, { inReplyTo: `${peer.origin}/posts/3` }),
  );
  // A page that is its own next one.
  peer.serve('/posts/1/replies', {
    id: `${one}/replies`,
    type: 'CollectionPage',
    next: `${one}/replies`,
    items: [one, two],
  });
  const post = await resolvePost(app.ctx, one, { depth: 20 });
  expect(post).not.toBeNull();
  expect(await resolvePost(app.ctx, `${peer.origin}/posts/3`, { depth: 20 })).not.toBeNull();
  await readThread(app.ctx, post?.id ?? 0);
  expect(hits(peer, '/posts/1/replies')).toBe(1);
  expect(hits(peer, '/posts/')).toBeLessThan(8);
});

test('T51: what is remembered of failures has an end', async () => {
  const { app } = await createWorld();
  const { createFailureMemory } = await import('#doors/federation/remote/failure-memory.ts');
  const { DocumentError } = await import('#doors/federation/remote/document-error.ts');
  const memory = createFailureMemory(app.ctx.now);
  const error = new DocumentError('gone', 'Gone.');
  for (let index = 0; index < 100_000; index += 1) memory.set(`https://h${index}.example/`, error);
  expect(memory.size()).toBe(5000);
  expect(memory.get('https://h99999.example/')).toBe(error);
  app.clock.advance(24 * 3_600_000);
  expect(memory.get('https://h99999.example/')).toBeNull();
});

test('T52: the software of a server is a short plain name, or nothing', async () => {
  const { app, peer } = await createWorld();
  const says = async (software: unknown) => {
    peer.serve('/.well-known/nodeinfo', {
      links: [
        {
          rel: 'http://nodeinfo.diaspora.software/ns/schema/2.1',
          href: `${peer.origin}/nodeinfo/2.1`,
        },
      ],
    });
    peer.serve('/nodeinfo/2.1', typed({ software, metadata: { x: 'y' } }, 'application/json'));
    await readSoftware(app.ctx, peer.host);
    return app.ctx.db
      .query<{ software: string | null; version: string | null }, { host: string }>(
        'SELECT software, version FROM hosts WHERE host = $host',
      )
      .get({ host: peer.host });
  };
  expect(await says({ name: 'Mastodon', version: '4.5.0+glitch' })).toEqual({
    software: 'mastodon',
    version: '4.5.0+glitch',
  });
  const nothing = { software: null, version: null };
  expect(await says({ name: '<script>alert(1)</script>', version: '1' })).toEqual(nothing);
  expect(await says({ name: 'a'.repeat(10_000), version: '1' })).toEqual(nothing);
  expect(await says({ name: 'x\u202ey', version: '1' })).toEqual(nothing);
  expect(await says('pixelfed')).toEqual(nothing);
  expect(await says({ name: 'pixelfed', version: '<b>1</b>' })).toEqual({
    software: 'pixelfed',
    version: null,
  });
});
