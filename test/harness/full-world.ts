import { createMediaApp, photo } from '#test/media/world.ts';
import type { Person, TestApp, TestAppOptions } from './app.ts';

/** People, posts and news of every kind that apps show: what their screens are filled with. */
export type FullWorld = {
  readonly app: TestApp;
  readonly ann: Person;
  readonly ben: Person;
  readonly cleo: Person;
  /** Ben's album of two photos, with a comment of ann below it; she likes, keeps and boosted it. */
  readonly album: string;
  readonly comment: string;
};

/** Makes one: everything through the API, as apps do it. */
export async function createFullWorld(options: TestAppOptions = {}): Promise<FullWorld> {
  const { config, ...rest } = options;
  const app = await createMediaApp({ ...rest, config: { rates: false, ...config } });
  const [ann, ben, cleo] = [
    await app.person('ann', 'owner'),
    await app.person('ben'),
    await app.person('cleo'),
  ];
  const world = { app, ann, ben, cleo };
  await ask(app, ann, 'POST', `/api/v1/accounts/${ben.viewer.id}/follow`);
  await ask(app, cleo, 'POST', `/api/v1/accounts/${ann.viewer.id}/follow`);
  await ask(app, ben, 'POST', `/api/v1/accounts/${ann.viewer.id}/follow`);
  const photos = [await upload(app, ben, 'A path'), await upload(app, ben, 'A river')];
  const album = await publish(app, ben, {
    status: 'Morning #light with @ann, see https://example.org/a',
    media_ids: photos,
    visibility: 'public',
    language: 'en',
  });
  await publish(app, ben, { status: 'Words for followers', visibility: 'private' });
  await publish(app, ben, { status: 'Behind a word', spoiler_text: 'Spiders', sensitive: true });
  await publish(app, ben, { status: 'Just for @ann', visibility: 'direct' });
  const own = await publish(app, ann, {
    status: 'My own #light',
    media_ids: [await upload(app, ann, 'A cup')],
  });
  const comment = await publish(app, ann, { status: 'Lovely!', in_reply_to_id: album });
  for (const act of ['favourite', 'bookmark', 'reblog']) {
    await ask(app, ann, 'POST', `/api/v1/statuses/${album}/${act}`);
    await ask(app, ben, 'POST', `/api/v1/statuses/${own}/${act}`);
    await ask(app, cleo, 'POST', `/api/v1/statuses/${own}/${act}`);
  }
  await ask(app, ben, 'PUT', `/api/v1/statuses/${album}`, {
    status: 'Evening #light with @ann',
    media_ids: photos,
  });
  await app.settle();
  return { ...world, album, comment };
}

/** Publishes a post and answers its id. */
export async function publish(app: TestApp, as: Person, json: object): Promise<string> {
  return String((await ask(app, as, 'POST', '/api/v1/statuses', json)).id);
}

/** Uploads a small photo and answers its id. */
export async function upload(app: TestApp, as: Person, description: string): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(await photo(64, 48))]), 'a.jpg');
  form.append('description', description);
  const answer = await app.request('/api/v2/media', { token: as.token, body: form });
  const media = (await answer.json()) as { id: string };
  return media.id;
}

/** Asks as an app does; throws with what was said if it was refused. */
export async function ask(
  app: TestApp,
  as: Person,
  method: string,
  path: string,
  json?: unknown,
): Promise<Record<string, unknown>> {
  const answer = await app.request(path, {
    method,
    token: as.token,
    ...(json === undefined ? {} : { json }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
