import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { AccountJson, StatusJson } from '#doors/entities/types.ts';
import type { Person, RequestOptions } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { publishPhoto, type WalkPost } from '#test/http/walk.ts';
import { imagesHere } from '#test/media/images-here.ts';

// Keys and many requests: a busy machine takes its time.
setDefaultTimeout(30_000);

// Two servers, one person each. The tests are one story in order.
let a: FederatedApp;
let b: FederatedApp;
let ann: Person;
let bob: Person;
let annId: string;
let post: WalkPost;

beforeAll(async () => {
  const options = { config: { rates: false }, images: imagesHere() };
  a = await createFederatedApp({ address: '127.0.0.1', ...options });
  b = await createFederatedApp({ address: '127.0.0.2', ...options });
  ann = await a.person('ann', 'owner');
  bob = await b.person('bob', 'owner');
});
afterAll(async () => {
  for (const app of [a, b]) await app.close();
});

async function api<T>(person: Person, path: string, options: RequestOptions = {}): Promise<T> {
  const app = person === bob ? b : a;
  const answer = await app.request(`/api${path}`, { token: person.token, ...options });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Where bob's server reads the first photo of ann's newest post. */
function sourceAtBobs(): string {
  const row = b.ctx.db
    .query<{ url: string }, []>(
      'SELECT remote_url AS url FROM media WHERE remote_url IS NOT NULL ORDER BY id DESC LIMIT 1',
    )
    .get();
  return row?.url ?? '';
}

test('a photo for followers comes to the server of a follower by a secret, and to his page', async () => {
  const query = `/v2/search?resolve=true&type=accounts&q=ann@${a.host}`;
  const { accounts } = await api<{ accounts: AccountJson[] }>(bob, query);
  annId = accounts[0]?.id ?? '';
  await api(bob, `/v1/accounts/${annId}/follow`, { method: 'POST' });
  await settleAll(a, b);
  post = await publishPhoto(a, ann, 'private');
  await settleAll(a, b);
  const [seen] = await api<StatusJson[]>(bob, '/v1/timelines/home');
  expect(seen?.content).toContain(post.words);
  expect(sourceAtBobs()).toStartWith(`${a.origin}/media/shared/`);
  const shown = new URL(seen?.media_attachments[0]?.url ?? '');
  const photo = await b.request(shown.pathname + shown.search, { token: bob.token });
  expect([photo.status, photo.headers.get('content-type')]).toEqual([200, 'image/webp']);
  expect(photo.headers.get('cache-control')).toStartWith('private');
});

test('a better description of a published photo reaches the follower, and the photo stays in reach', async () => {
  const json = { description: `${post.words} in other words` };
  await api(ann, `/v1/media/${post.mediaId}`, { method: 'PUT', json });
  await settleAll(a, b);
  const [seen] = await api<StatusJson[]>(bob, '/v1/timelines/home');
  expect(seen?.media_attachments[0]?.description).toBe(`${post.words} in other words`);
  expect((await fetch(sourceAtBobs())).status).toBe(200);
});

test('T105: when the follow ends the secret opens nothing any more', async () => {
  const source = sourceAtBobs();
  expect((await fetch(source)).status).toBe(200);
  await api(bob, `/v1/accounts/${annId}/unfollow`, { method: 'POST' });
  await settleAll(a, b);
  expect((await fetch(source)).status).toBe(404);
});
