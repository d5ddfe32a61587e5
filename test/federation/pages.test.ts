import { afterAll, beforeAll, expect, test } from 'bun:test';
import { PASSWORD, type Person, type RequestOptions } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { photo } from '#test/posts/world.ts';

// Ann on one server, Bob and Cat on another. The tests are one story in order.
let a: FederatedApp;
let b: FederatedApp;
let ann: Person;
let bob: Person;
let cat: Person;

beforeAll(async () => {
  const config = { rates: false };
  a = await createFederatedApp({ address: '127.0.0.1', config });
  b = await createFederatedApp({ address: '127.0.0.2', config, settings: { mode: 'community' } });
  ann = await a.person('ann', 'owner');
  bob = await b.person('bob', 'owner');
  cat = await b.person('cat');
});
afterAll(async () => {
  await a.close();
  await b.close();
});

const settle = () => settleAll(a, b);
const at = (name: string, host: string) => `/@${name}@${encodeURIComponent(host)}`;

async function open(
  app: FederatedApp,
  path: string,
  options: RequestOptions = {},
): Promise<{ status: number; html: string; headers: Headers }> {
  const response = await app.request(path, options);
  // Without the drawings, so that what is missing can be read when a test fails.
  const html = (await response.text()).replace(
    /<svg.*?<\/svg>|<head>.*<link rel="manifest"[^>]*>/gs,
    '',
  );
  return { status: response.status, html, headers: response.headers };
}

/** Sends a form and answers where it leads. */
async function send(
  app: FederatedApp,
  as: Person,
  path: string,
  form: Record<string, string> = {},
): Promise<string> {
  const response = await app.request(path, { as, form });
  if (response.status !== 303) {
    throw new Error(`${path}: ${response.status} ${(await response.text()).slice(0, 3000)}`);
  }
  return response.headers.get('location') ?? '';
}

test('a member’s visit of an unknown handle asks its server and shows the profile', async () => {
  const { status, html } = await open(a, at('bob', b.host), { as: ann });
  expect(status).toBe(200);
  expect(html).toContain(`@bob@${b.host}`);
  expect(html).toContain(`Open on ${b.host}`);
  expect(html).toContain('>Follow</button>');
});

test('every way in which somebody cannot be found has its own sentence', async () => {
  const nobody = await open(a, at('nobody', b.host), { as: ann });
  expect([nobody.status, nobody.html.includes('knows nobody called')]).toEqual([404, true]);
  const silent = await open(a, at('bob', '127.0.0.7:9'), { as: ann });
  expect([silent.status, silent.html.includes('does not answer')]).toEqual([503, true]);
  const stranger = await open(a, at('nobody', b.host));
  expect(stranger.status).toBe(404);
  for (const [q, sentence] of [
    [`@nobody@${b.host}`, 'knows nobody called'],
    ['@bob@127.0.0.7:9', 'does not answer'],
    [`${b.origin}/@bob/999`, 'Nothing that can be shown here'],
    ['nothing like this', 'Nothing was found for'],
  ] as const) {
    const page = await open(a, `/search?q=${encodeURIComponent(q)}`, { as: ann });
    expect(page.status).toBe(200);
    expect(page.html).toContain(sentence);
  }
});

test('search finds people by handle, by address and by name', async () => {
  for (const q of [`@bob@${b.host}`, `bob@${b.host}`, `${b.origin}/@bob`, 'bob']) {
    const { html } = await open(a, `/search?q=${encodeURIComponent(q)}`, { as: ann });
    expect(html).toContain(`@bob@${b.host}`);
  }
  const stranger = await a.request('/search?q=bob');
  expect(stranger.headers.get('location')).toStartWith('/sign-in?next=');
});

test('following from a profile asks the other server, and unfollowing takes it back', async () => {
  const profile = at('bob', b.host);
  expect(await send(a, ann, `${profile}/follow`)).toBe(profile);
  await settle();
  expect((await open(a, profile, { as: ann })).html).toContain('>Unfollow</button>');
  const followers = await open(b, '/@bob/followers', { as: bob });
  expect(followers.html).toContain(`@ann@${a.host}`);
  expect(followers.html).toContain('Remove follower');
  const list = await open(a, '/@ann/following', { as: ann });
  expect(list.html).toContain(`@bob@${b.host}`);
  // Strangers see the people of this server alone.
  expect((await open(a, '/@ann/following')).html).not.toContain(`@bob@${b.host}`);
});

test('who asks first is asked: a request is shown, counted and answered', async () => {
  await send(b, cat, '/settings/profile', { display_name: 'Cat', locked: '1' });
  const profile = at('cat', b.host);
  await open(a, profile, { as: ann });
  await send(a, ann, `${profile}/follow`);
  await settle();
  expect((await open(a, profile, { as: ann })).html).toContain('Take the request back');
  expect((await open(b, '/notifications', { as: cat })).html).toContain('Follow requests');
  expect((await open(b, '/@cat', { as: cat })).html).toContain('1 follow request');
  const requests = await open(b, '/requests', { as: cat });
  expect(requests.html).toContain(`@ann@${a.host}`);
  const back = await send(b, cat, `${at('ann', a.host)}/accept`, { next: '/requests' });
  expect(back).toBe('/requests');
  await settle();
  expect((await open(a, profile, { as: ann })).html).toContain('>Unfollow</button>');
  await send(b, cat, `${at('ann', a.host)}/remove-follower`);
  await settle();
  expect((await open(a, profile, { as: ann })).html).toContain('>Follow</button>');
});

test('a photo, its comment from elsewhere and where it went', async () => {
  const mediaId = photo(b.ctx, bob.viewer.id, 'boats');
  const made = await b.request('/api/v1/statuses', {
    token: bob.token,
    json: { status: 'Boats at dawn', media_ids: [String(mediaId)] },
  });
  const { id } = (await made.json()) as { id: string };
  await settle();
  const home = await open(a, '/', { as: ann });
  expect(home.html).toContain('Boats at dawn');
  const path = /\/@bob@[^"/]*\/(\d+)/.exec(home.html)?.[0] ?? '';
  expect(path).not.toBe('');
  const page = await open(a, path, { as: ann });
  expect(page.html).toContain('Boats at dawn');
  expect(page.html).toContain(`Open on ${b.host}`);
  // A stranger gets the way to the original, no redirect, nothing of the words.
  const stranger = await open(a, path);
  expect(stranger.status).toBe(200);
  expect(stranger.html).toContain(`${b.origin}/@bob/${id}`);
  expect(stranger.html).not.toContain('Boats at dawn');
  // Apps know a boost by an id of its own; its address leads to the post.
  const known = path.split('/').at(-1) ?? '';
  const boosted = await a.request(`/api/v1/statuses/${known}/reblog`, {
    token: ann.token,
    method: 'POST',
  });
  const boost = (await boosted.json()) as { id: string };
  const moved = await open(a, `/@ann/${boost.id}`, { as: ann });
  expect([moved.status, moved.headers.get('location')]).toEqual([301, path]);
  expect((await open(a, `/@ann/${boost.id}/edit`, { as: ann })).status).toBe(404);
  await send(a, ann, `${path}/comment`, { caption: 'What a light!' });
  await settle();
  const own = await open(b, `/@bob/${id}`, { as: bob });
  expect(own.html).toContain('What a light!');
  expect(own.html).toContain(`@ann@${a.host}`);
  expect(own.html).toContain('Where it went: arrived at 1 server');
  // The panel is the author's alone.
  expect((await open(b, `/@bob/${id}`)).html).not.toContain('Where it went');
  const open_ = await open(b, `/@bob/${id}`);
  expect(open_.html).toContain('What a light!');
  expect(open_.html).toContain(`href="${a.origin}/@ann"`);
});

test('lists that somebody hides are missing pages for everybody else', async () => {
  const form = { display_name: 'Bob', hide_collections: '1' };
  await send(b, bob, '/settings/profile', form);
  for (const path of ['/@bob/followers', '/@bob/following']) {
    expect((await open(b, path)).status).toBe(404);
    expect((await open(b, path, { as: cat })).status).toBe(404);
    expect((await open(b, path, { as: bob })).status).toBe(200);
  }
  expect((await open(b, '/@bob')).html).not.toContain('/@bob/followers');
});

test('T26: a move needs the back-link, the password and seven days since the last', async () => {
  const target = `@cat@${b.host}`;
  const move = (password: string, handle = target) =>
    a.request('/settings/account/move', {
      as: ann,
      form: { target: handle, move_password: password },
    });
  const early = await move(PASSWORD);
  expect(early.status).toBe(422);
  expect(await early.text()).toContain('does not name this one');
  const check = async (handle: string) =>
    (await a.request('/settings/account/check', { as: ann, form: { target: handle } })).text();
  expect(await check(target)).toContain('It does not name this account as an old one yet');
  expect(await check(`@nobody@${b.host}`)).not.toContain('The account is there');
  expect(await check('rubbish')).toContain('Write the address of somebody like');
  await send(b, cat, '/settings/account/aliases', { alias: `@ann@${a.host}` });
  const ready = await check(target);
  expect(ready).toContain('It names this account as an old one of yours.');
  expect(ready).toContain(`Move to @cat@${b.host}`);
  expect((await open(b, '/settings/account', { as: cat })).html).toContain(`@ann@${a.host}`);
  expect(await (await move('not the password')).text()).toContain('That is not your password.');
  // Bob follows Ann from afar, so his server has somebody to take over.
  await open(b, at('ann', a.host), { as: bob });
  await send(b, bob, `${at('ann', a.host)}/follow`);
  await settle();
  expect((await move(PASSWORD)).status).toBe(303);
  await settle();
  expect((await open(a, '/@ann', { as: ann })).html).toContain('You have moved to');
  expect((await open(a, '/compose', { as: ann })).html).toContain('This account has moved');
  const followers = await open(b, '/@cat/followers', { as: cat });
  const requests = await open(b, '/requests', { as: cat });
  expect(`${followers.html}${requests.html}`).toContain('@bob');
  expect((await open(a, '/settings/account', { as: ann })).html).toContain(
    '1 of 1 servers of your followers know of it',
  );
  await send(a, ann, '/settings/account/stay');
  const again = await move(PASSWORD);
  expect(again.status).toBe(409);
  a.clock.advance(8 * 86_400_000);
});

test('authorize_interaction leads a member to what was named, and strangers through the sign-in', async () => {
  const uri = encodeURIComponent(`${b.origin}/users/bob`);
  const member = await a.request(`/authorize_interaction?uri=${uri}`, { as: ann });
  expect(member.status).toBe(303);
  expect(member.headers.get('location')).toBe(at('bob', b.host));
  const acct = await a.request(`/authorize_interaction?uri=acct:bob@${b.host}`, { as: ann });
  expect(acct.headers.get('location')).toBe(at('bob', b.host));
  const stranger = await a.request(`/authorize_interaction?uri=${uri}`);
  expect(stranger.headers.get('location')).toBe(
    `/sign-in?next=${encodeURIComponent(`/authorize_interaction?uri=${uri}`)}`,
  );
  const nowhere = await a.request('/authorize_interaction?uri=https://evil.example/x', { as: ann });
  expect(nowhere.headers.get('location')).toBeNull();
});
