import { afterEach, expect, test } from 'bun:test';
import { findAccountByUri } from '#domain/accounts/queries.ts';
import { fetchDocument } from '#doors/federation/remote/fetch-document.ts';
import { findAlternate } from '#doors/federation/remote/find-alternate.ts';
import { normaliseDomain, parseHandle } from '#doors/federation/remote/handles.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { resolveHandle } from '#doors/federation/remote/resolve-handle.ts';
import { resolvePost } from '#doors/federation/remote/resolve-post.ts';
import { resolveText } from '#doors/federation/remote/resolve-text.ts';
import { fastest } from '#test/harness/fastest.ts';
import { closeAll, createWorld, finger, hits, jrd, note, typed } from './remote-world.ts';

afterEach(closeAll);

test('T31: a document counts only with the type of one', async () => {
  const { app, peer, bob } = await createWorld();
  const wrong = ['image/png', 'text/plain', 'application/json', 'text/html', null];
  wrong.push('application/ld+json', 'application/ld+json; profile="https://example.org/other"');
  wrong.push('application/activity+jsonp', 'x-application/activity+json', 'application/*');
  for (const [index, type] of wrong.entries()) {
    const id = `${peer.origin}/files/${index}`;
    peer.serve(`/files/${index}`, typed({ ...bob.document, id }, type));
    await expect(fetchDocument(app.ctx, id)).rejects.toMatchObject({ failure: 'invalid' });
    expect(await resolveActor(app.ctx, id)).toBeNull();
  }
  const right = [
    'application/activity+json',
    'application/activity+json; charset=utf-8',
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    'Application/LD+JSON;charset=utf-8; profile="https://www.w3.org/ns/activitystreams"',
  ];
  for (const [index, type] of right.entries()) {
    const id = `${peer.origin}/right/${index}`;
    peer.serve(`/right/${index}`, typed(note(id, bob.uri), type));
    expect((await fetchDocument(app.ctx, id)).url).toBe(id);
  }
});

test('T33: a document that names another address is asked for there, once', async () => {
  const { app, peer, evil, bob } = await createWorld();
  // Evil shows bob with its own inbox and key: what bob says of himself counts.
  evil.serve('/bob', { ...bob.document, inbox: `${evil.origin}/inbox`, name: 'Forged' });
  const { url, document } = await fetchDocument(app.ctx, `${evil.origin}/bob`);
  expect(url).toBe(bob.uri);
  expect(document).toMatchObject({ name: 'bob', inbox: bob.inbox });
  // An id that leads to something with yet another id is nothing.
  peer.serve('/one', note(`${peer.origin}/two`, bob.uri));
  peer.serve('/two', note(`${peer.origin}/three`, bob.uri));
  peer.serve('/three', note(`${peer.origin}/three`, bob.uri));
  await expect(fetchDocument(app.ctx, `${peer.origin}/one`)).rejects.toMatchObject({
    failure: 'invalid',
  });
  expect(hits(peer, '/three')).toBe(0);
  // A post whose author lives elsewhere is nobody's.
  const forged = `${evil.origin}/forged`;
  evil.serve('/forged', note(forged, bob.uri));
  expect(await resolvePost(app.ctx, forged)).toBeNull();
  // An id of this very server is not asked for at all.
  evil.serve('/ours', note(`${app.origin}/users/ada/posts/1`, `${app.origin}/users/ada`));
  await expect(fetchDocument(app.ctx, `${evil.origin}/ours`)).rejects.toMatchObject({
    failure: 'refused',
  });
});

test('T34: a redirect is followed three times, and what is at its end speaks for itself alone', async () => {
  const { app, peer, evil, bob } = await createWorld();
  const id = `${peer.origin}/posts/1`;
  peer.serve('/posts/1', note(id, bob.uri));
  peer.serve('/a', Response.redirect(`${peer.origin}/b`, 302));
  peer.serve('/b', Response.redirect(`${peer.origin}/c`, 302));
  peer.serve('/c', Response.redirect(id, 302));
  expect((await fetchDocument(app.ctx, `${peer.origin}/a`)).url).toBe(id);
  // Four are too many, and a circle has no end.
  peer.serve('/z', Response.redirect(`${peer.origin}/a`, 302));
  peer.serve('/loop', Response.redirect(`${peer.origin}/loop`, 302));
  for (const path of ['/z', '/loop']) {
    await expect(fetchDocument(app.ctx, peer.origin + path)).rejects.toMatchObject({
      failure: 'invalid',
    });
  }
  expect(hits(peer, '/loop')).toBeLessThanOrEqual(4);
  // The honest server sends on to a liar, who claims the honest server's id.
  const victim = `${peer.origin}/posts/2`;
  peer.serve('/posts/2', Response.redirect(`${evil.origin}/posts/2`, 302));
  evil.serve('/posts/2', note(victim, bob.uri));
  await expect(fetchDocument(app.ctx, victim)).rejects.toMatchObject({ failure: 'invalid' });
  // And one that speaks for itself is what is found, under its own id.
  const mallory = evil.actor('mallory');
  peer.serve('/moved', Response.redirect(mallory.uri, 301));
  expect((await fetchDocument(app.ctx, `${peer.origin}/moved`)).url).toBe(mallory.uri);
});

test('T35: a page leads to one document and no further, and a hostile page is read in a moment', async () => {
  const { app, peer, bob } = await createWorld();
  const page = (href: string) =>
    new Response(
      `<!doctype html><link rel=stylesheet href=x><LINK
        type='application/activity+json' href="${href}" rel="alternate nofollow">`,
      { headers: { 'content-type': 'text/html' } },
    );
  const id = `${peer.origin}/posts/1`;
  peer.serve('/posts/1', note(id, bob.uri));
  peer.serve('/page', page('/posts/1'));
  expect(await resolveText(app.ctx, `${peer.origin}/page`)).toMatchObject({ post: { uri: id } });
  peer.serve('/ping', page(`${peer.origin}/pong`));
  peer.serve('/pong', page(`${peer.origin}/ping`));
  expect(await resolveText(app.ctx, `${peer.origin}/ping`)).toBeNull();
  expect(hits(peer, '/ping')).toBe(1);
  expect(hits(peer, '/pong')).toBe(1);
  const hostile = [
    '<link '.repeat(200_000),
    `<link ${'a '.repeat(500_000)}`,
    `<link rel="${'alternate '.repeat(100_000)}`,
    `<link ${'= '.repeat(500_000)}>`,
    `<link${'\t'.repeat(1_000_000)}`,
    '<link rel=alternate type=application/activity+json href=javascript:alert(1)>',
    `${' '.repeat(70_000)}<link rel=alternate type=application/activity+json href=/late>`,
  ];
  for (const text of hostile) {
    const bytes = new TextEncoder().encode(text);
    const find = () => expect(findAlternate(bytes, 'https://example.org/')).toBeNull();
    expect(await fastest(find)).toBeLessThan(50);
  }
});

test('T36: nobody is called by a domain that does not say so itself', async () => {
  const { app, peer, evil, bob } = await createWorld();
  // Evil's actor takes the name of somebody on the victim's domain: evil's own domain says who it is.
  const mallory = evil.actor('mallory', { preferredUsername: 'bob' });
  finger(evil, `acct:bob@${evil.host}`, jrd(`acct:bob@${peer.host}`, mallory.uri));
  expect(await resolveActor(app.ctx, mallory.uri)).toBeNull();
  expect(findAccountByUri(app.ctx.db, mallory.uri)).toBeNull();
  // The victim's WebFinger names an actor elsewhere: it is shown by the name it has there.
  const eve = evil.actor('eve');
  finger(peer, `acct:alias@${peer.host}`, jrd(`acct:alias@${peer.host}`, eve.uri));
  expect(await resolveHandle(app.ctx, `alias@${peer.host}`)).toMatchObject({
    username: 'eve',
    domain: evil.host,
  });
  // A subject that is somebody else, and a domain that contradicts it.
  finger(evil, `acct:trick@${evil.host}`, jrd(`acct:bob@${peer.host}`, `${evil.origin}/users/eve`));
  expect(await resolveHandle(app.ctx, `trick@${evil.host}`)).toBeNull();
  // Two names for one person, and both servers agree: the one that the subject has counts.
  finger(evil, `acct:robert@${evil.host}`, jrd(`acct:BOB@${peer.host}`, bob.uri));
  finger(peer, `acct:BOB@${peer.host}`, jrd(`acct:bob@${peer.host}`, bob.uri));
  expect(await resolveHandle(app.ctx, `robert@${evil.host}`)).toMatchObject({
    username: 'bob',
    domain: peer.host,
  });
});

test('T36: a split domain is taken when both sides say so', async () => {
  const { app, peer, evil } = await createWorld();
  // Here `evil` is honest: the short domain of people whose server is `peer`.
  const short = evil;
  const carla = peer.actor('carla');
  finger(peer, `acct:carla@${peer.host}`, jrd(`acct:carla@${short.host}`, carla.uri));
  finger(short, `acct:carla@${short.host}`, jrd(`acct:carla@${short.host}`, carla.uri));
  for (const handle of [`carla@${short.host}`, `carla@${peer.host}`]) {
    expect(await resolveHandle(app.ctx, handle)).toMatchObject({
      username: 'carla',
      domain: short.host,
      uri: carla.uri,
    });
  }
});

test('T36: handles have one spelling, and what could pass for another domain is refused', () => {
  const spelled: [string, string | null][] = [
    ['example.com', 'example.com'],
    ['EXAMPLE.Com', 'example.com'],
    ['example。com', 'example.com'],
    ['ｅｘａｍｐｌｅ.com', 'example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    // A Cyrillic look-alike is another domain, and is shown as what it is.
    ['ехаmple.com', 'xn--mple-43d3ah.com'],
    ['example.com:443', 'example.com'],
    ['example.com:8443', 'example.com:8443'],
    ['example.com.', null],
    ['example..com', null],
    ['.example.com', null],
    ['user@example.com', null],
    ['user:pass@example.com', null],
    ['example.com/path', null],
    ['example.com?x', null],
    ['example.com#x', null],
    ['example.com\\evil.org', null],
    ['example.com%2eevil.org', null],
    ['exa mple.com', null],
    ['exa\u0000mple.com', null],
    ['example.com\r\nHost: evil.org', null],
    ['[::1]', null],
    ['', null],
    [`${'a'.repeat(64)}.com`, null],
    [`${'a.'.repeat(200)}com`, null],
  ];
  for (const [text, domain] of spelled) {
    const found = normaliseDomain(text);
    // Punycode of the look-alike is a matter of tables; that it is another domain is what counts.
    if (domain?.startsWith('xn--mple')) expect(found).toStartWith('xn--');
    else expect([text, found]).toEqual([text, domain]);
  }
  for (const text of [
    'a@b@c.example',
    '@@c.example',
    'a b@c.example',
    'a\u202eb@c.example',
    'а@c.example',
    '../a@c.example',
    'a%40b@c.example',
    `${'a'.repeat(101)}@c.example`,
    'acct:@c.example',
    'a@',
  ]) {
    expect([text, parseHandle(text)]).toEqual([text, null]);
  }
  expect(parseHandle('acct:A.b-c_D@C.Example')).toEqual({
    username: 'A.b-c_D',
    domain: 'c.example',
  });
});

test('T33: a document without an id is nobody, whatever else in it could pass for one', async () => {
  const { app, peer, evil, bob } = await createWorld();
  const known = await resolveActor(app.ctx, bob.uri);
  const mallory = evil.actor('mallory');
  const { id: _, ...rest } = bob.document;
  const forged = { ...rest, name: 'Forged', publicKey: mallory.document.publicKey };
  const disguises: Record<string, unknown>[] = [
    { href: bob.uri },
    { id: null, '@id': null, href: bob.uri },
    { id: [bob.uri] },
    { id: { id: bob.uri } },
    { url: bob.uri },
    {},
  ];
  for (const [index, disguise] of disguises.entries()) {
    const address = evil.serve(`/forged/${index}`, { ...forged, ...disguise });
    expect(await resolveActor(app.ctx, address)).toBeNull();
    expect(await resolveText(app.ctx, address)).toBeNull();
    const post = note('', bob.uri, disguise);
    if (!('id' in disguise)) delete post.id;
    const place = evil.serve(`/words/${index}`, post);
    expect(await resolvePost(app.ctx, place)).toBeNull();
  }
  expect(findAccountByUri(app.ctx.db, bob.uri)).toMatchObject({
    displayName: 'bob',
    id: known?.id,
  });
  expect(hits(peer, '/users/bob')).toBe(1);
});
