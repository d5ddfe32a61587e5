import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  createOAuthAPIClient,
  createRestAPIClient,
  createStreamingAPIClient,
  type mastodon,
} from 'masto';
import { finish, ORIGIN, REDIRECT, signInAt, smallPicture, step } from './journey.ts';

/** masto.js as Phanpy and Elk use it: from the registration of the app to the end of its token. */

// Bun's WebSocket does not look at HTTPS_PROXY; everything else of it is the real one.
const options = {
  proxy: process.env.HTTPS_PROXY ?? '',
  tls: { ca: readFileSync(process.env.NODE_EXTRA_CA_CERTS ?? '', 'utf8') },
};
class ThroughTheTunnel extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, { ...options, protocols } as unknown as string[]);
  }
}

type Signed = {
  rest: mastodon.rest.Client;
  token: string;
  clientId: string;
  clientSecret: string;
};

async function signIn(name: string): Promise<Signed> {
  const scopes = 'read write follow push';
  const app = await createRestAPIClient({ url: ORIGIN }).v1.apps.create({
    clientName: 'Journey',
    redirectUris: REDIRECT,
    scopes,
    website: 'https://app.example',
  });
  assert.equal(app.redirectUris?.[0], REDIRECT);
  const { clientId = '', clientSecret = '' } = app as { clientId?: string; clientSecret?: string };
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: REDIRECT,
    scope: scopes,
  });
  const code = await signInAt(`${ORIGIN}/oauth/authorize?${query}`, name);
  const token = await createOAuthAPIClient({ url: ORIGIN }).token.create({
    grantType: 'authorization_code',
    clientId,
    clientSecret,
    redirectUri: REDIRECT,
    code,
    scope: scopes,
  });
  assert.equal(token.tokenType, 'Bearer');
  const rest = createRestAPIClient({ url: ORIGIN, accessToken: token.accessToken });
  return { rest, token: token.accessToken, clientId, clientSecret };
}

const ann = await step('ann signs in', () => signIn('ann'));
const ben = await step('ben signs in', () => signIn('ben'));
if (!ann || !ben) finish();

const instance = await step('instance', async () => {
  const found = await ann.rest.v2.instance.fetch();
  assert.match(found.version, /^\d+\.\d+\.\d+ \(compatible; Tintype /);
  assert.equal(found.domain, 'photos.test');
  assert.equal(found.configuration.urls.streaming, 'wss://photos.test');
  assert.ok(found.configuration.mediaAttachments.supportedMimeTypes.includes('image/jpeg'));
  return found;
});

await step('boot calls', async () => {
  const self = await ann.rest.v1.accounts.verifyCredentials();
  assert.equal(self.username, 'ann');
  assert.equal(self.acct, 'ann');
  const preferences = await ann.rest.v1.preferences.fetch();
  assert.equal(typeof preferences['posting:default:visibility'], 'string');
  assert.deepEqual(await ann.rest.v1.customEmojis.list(), []);
  assert.deepEqual(await ann.rest.v1.announcements.list(), []);
  assert.deepEqual(await ann.rest.v1.followedTags.list({ limit: 200 }), []);
  assert.deepEqual(await ann.rest.v2.filters.list(), []);
  assert.deepEqual(await ann.rest.v1.lists.list(), []);
  assert.deepEqual(await ann.rest.v1.markers.fetch({ timeline: ['notifications'] }), {});
  assert.deepEqual(await ann.rest.v1.followRequests.list({ limit: 80 }), []);
  assert.deepEqual(await ann.rest.v1.timelines.home.list({ limit: 30 }), []);
});

await step('no push subscription is a 404', async () => {
  await assert.rejects(
    async () => await ann.rest.v1.push.subscription.fetch(),
    (error: { statusCode?: number }) => error.statusCode === 404,
  );
});

const streaming = createStreamingAPIClient({
  streamingApiUrl: instance?.configuration.urls.streaming ?? 'wss://photos.test',
  accessToken: ann.token,
  implementation: ThroughTheTunnel,
});
const heard: mastodon.streaming.Event[] = [];
const listening = streaming.user.subscribe();
const news = (async () => {
  for await (const event of listening) heard.push(event);
})();
await step('the stream opens', () => streaming.prepare());

const followed = await step('ann follows ben', async () => {
  const { id } = await ann.rest.v1.accounts.lookup({ acct: 'ben' });
  const relationship = await ann.rest.v1.accounts.$select(id).follow({ reblogs: true });
  assert.equal(relationship.following, true);
  const [again] = await ann.rest.v1.accounts.relationships.fetch({ id: [id] });
  assert.equal(again?.following, true);
  return id;
});

const photo = await step('ben uploads a photo', async () => {
  const media = await ben.rest.v2.media.create({
    file: new Blob([smallPicture()], { type: 'image/png' }),
    description: 'A square',
    focus: '0.1,-0.2',
  });
  assert.match(media.url ?? '', /^https:\/\/photos\.test\/media\//);
  assert.equal(media.description, 'A square');
  assert.ok((media.blurhash ?? '').length > 5);
  return media;
});

const post = await step('ben posts it', async () => {
  const made = await ben.rest.v1.statuses.create(
    {
      status: 'Morning #light with @ann',
      mediaIds: [photo?.id ?? ''],
      visibility: 'public',
      language: 'en',
    },
    { requestInit: { headers: { 'Idempotency-Key': 'one' } } },
  );
  assert.equal(made.mediaAttachments.length, 1);
  assert.equal(made.tags[0]?.name, 'light');
  assert.equal(made.mentions[0]?.acct, 'ann');
  const again = await ben.rest.v1.statuses.create(
    { status: 'Morning #light with @ann', mediaIds: [photo?.id ?? ''], visibility: 'public' },
    { requestInit: { headers: { 'Idempotency-Key': 'one' } } },
  );
  assert.equal(again.id, made.id);
  return made;
});
const id = post?.id ?? '0';

await step('ann hears of it at once', async () => {
  await until(() => heard.some(({ event }) => event === 'update'));
  await until(() => heard.some(({ event }) => event === 'notification'));
  const told = heard.find((each) => each.event === 'update');
  assert.equal(told?.event === 'update' ? told.payload.id : null, id);
});

await step('ben edits the alt text', async () => {
  const edited = await ben.rest.v1.statuses.$select(id).update({
    status: 'Morning #light with @ann',
    mediaIds: [photo?.id ?? ''],
    mediaAttributes: [{ id: photo?.id ?? '', description: 'A square of colours' }],
  });
  assert.equal(edited.mediaAttachments[0]?.description, 'A square of colours');
  assert.notEqual(edited.editedAt, null);
  const history = await ann.rest.v1.statuses.$select(id).history.list();
  assert.equal(history.length, 2);
  const source = await ben.rest.v1.statuses.$select(id).source.fetch();
  assert.equal(source.text, 'Morning #light with @ann');
});

await step('ann comments, likes, boosts and keeps it', async () => {
  const select = ann.rest.v1.statuses.$select(id);
  const comment = await ann.rest.v1.statuses.create({ status: 'Lovely!', inReplyToId: id });
  assert.equal(comment.inReplyToId, id);
  assert.equal((await select.favourite()).favourited, true);
  const boost = await select.reblog();
  assert.equal(boost.reblog?.id, id);
  assert.notEqual(boost.id, id);
  assert.equal((await select.bookmark()).bookmarked, true);
  const context = await ann.rest.v1.statuses.$select(id).context.fetch();
  assert.deepEqual(
    context.descendants.map((each) => each.id),
    [comment.id],
  );
  const now = await select.fetch();
  assert.deepEqual([now.favouritesCount, now.reblogsCount, now.repliesCount], [1, 1, 1]);
  assert.equal((await ann.rest.v1.favourites.list())[0]?.id, id);
  assert.equal((await ann.rest.v1.bookmarks.list())[0]?.id, id);
  assert.equal((await select.favouritedBy.list())[0]?.username, 'ann');
  assert.equal((await select.rebloggedBy.list())[0]?.username, 'ann');
  assert.equal((await select.unreblog()).id, id);
  assert.equal((await select.unfavourite()).favourited, false);
  assert.equal((await select.unbookmark()).bookmarked, false);
});

await step('home, public, hashtag and profile show it', async () => {
  for (const found of [
    await ann.rest.v1.timelines.home.list({ limit: 30 }),
    await ann.rest.v1.timelines.public.list({ local: true, onlyMedia: true }),
    await ann.rest.v1.timelines.tag.$select('light').list(),
    await ann.rest.v1.accounts.$select(followed ?? '').statuses.list({ onlyMedia: true }),
  ]) {
    assert.ok(found.some((each) => each.id === id));
  }
});

await step('a list is read to its end, page by page', async () => {
  for (let each = 0; each < 7; each += 1) {
    await ben.rest.v1.statuses.create({ status: `Words ${each}` });
  }
  const pages: string[][] = [];
  for await (const page of ann.rest.v1.timelines.home.list({ limit: 3 })) {
    pages.push(page.map((status) => status.id));
    assert.ok(pages.length < 10, 'it never ends');
  }
  const all = pages.flat();
  assert.ok(all.length >= 8);
  assert.equal(new Set(all).size, all.length);
});

await step('notifications, one by one and in groups', async () => {
  const list = await ben.rest.v1.notifications.list({ types: ['follow', 'favourite', 'mention'] });
  assert.ok(list.some(({ type }) => type === 'follow'));
  assert.ok(list.some(({ type }) => type === 'mention'));
  const grouped = await ben.rest.v2.notifications.list({ excludeTypes: ['follow_request'] });
  assert.ok(grouped.notificationGroups.length > 0);
  await ben.rest.v1.markers.create({ notifications: { lastReadId: list[0]?.id ?? '' } });
  const markers = await ben.rest.v1.markers.fetch({ timeline: ['notifications'] });
  assert.equal(markers.notifications?.lastReadId, list[0]?.id);
});

await step('search finds people, words and hashtags', async () => {
  const people = await ann.rest.v2.search.list({ q: 'ben', type: 'accounts', resolve: true });
  assert.equal(people.accounts[0]?.username, 'ben');
  const tags = await ann.rest.v2.search.list({ q: 'light', type: 'hashtags' });
  assert.equal(tags.hashtags[0]?.name, 'light');
  const words = await ann.rest.v2.search.list({ q: 'colours', type: 'statuses' });
  assert.equal(words.statuses[0]?.id, id);
});

await step('lists and filters', async () => {
  const list = await ann.rest.v1.lists.create({ title: 'Friends' });
  await ann.rest.v1.lists.$select(list.id).accounts.create({ accountIds: [followed ?? ''] });
  const found = await ann.rest.v1.timelines.list.$select(list.id).list();
  assert.ok(found.some((each) => each.id === id));
  await ann.rest.v1.lists.$select(list.id).remove();
  const filter = await ann.rest.v2.filters.create({
    title: 'No mornings',
    context: ['home', 'public'],
    filterAction: 'warn',
    keywordsAttributes: [{ keyword: 'morning', wholeWord: true }],
  });
  const covered = (await ann.rest.v1.timelines.home.list({ limit: 40 })).find(
    (each) => each.id === id,
  );
  assert.equal(covered?.filtered?.[0]?.filter.title, 'No mornings');
  await ann.rest.v2.filters.$select(filter.id).remove();
});

await step('a scheduled post waits', async () => {
  const at = new Date(Date.now() + 3_600_000).toISOString();
  const waiting = await ben.rest.v1.statuses.create({ status: 'Later', scheduledAt: at });
  assert.equal(waiting.params.text, 'Later');
  assert.equal((await ben.rest.v1.scheduledStatuses.list())[0]?.id, waiting.id);
  await ben.rest.v1.scheduledStatuses.$select(waiting.id).remove();
  assert.deepEqual(await ben.rest.v1.scheduledStatuses.list(), []);
});

await step('mute and block, and back', async () => {
  const select = ann.rest.v1.accounts.$select(followed ?? '');
  assert.equal((await select.mute({ duration: 60 })).muting, true);
  assert.equal((await ann.rest.v1.mutes.list())[0]?.id, followed);
  assert.equal((await select.unmute()).muting, false);
  assert.equal((await select.block()).blocking, true);
  assert.equal((await ann.rest.v1.blocks.list())[0]?.id, followed);
  assert.equal((await select.unblock()).blocking, false);
});

await step('ben deletes his post', async () => {
  const gone = await ben.rest.v1.statuses.$select(id).remove();
  assert.equal(gone.text, 'Morning #light with @ann');
  await assert.rejects(
    async () => await ann.rest.v1.statuses.$select(id).fetch(),
    (error: { statusCode?: number }) => error.statusCode === 404,
  );
});

await step('a private message between them', async () => {
  await ben.rest.v1.statuses.create({ status: 'Psst, @ann', visibility: 'direct' });
  const [conversation] = await ann.rest.v1.conversations.list();
  assert.equal(conversation?.accounts[0]?.username, 'ben');
  assert.equal(conversation?.unread, true);
  const read = await ann.rest.v1.conversations.$select(conversation?.id ?? '').read();
  assert.equal(read.unread, false);
});

await step('signing out ends the token and the stream', async () => {
  await createOAuthAPIClient({ url: ORIGIN }).revoke({
    clientId: ann.clientId,
    clientSecret: ann.clientSecret,
    token: ann.token,
  });
  await assert.rejects(
    async () => await ann.rest.v1.accounts.verifyCredentials(),
    (error: { statusCode?: number }) => error.statusCode === 401,
  );
  listening.unsubscribe();
  streaming.close();
  void news.catch(() => undefined);
});
finish();

async function until(happened: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!happened()) {
    if (Date.now() > end) throw new Error(`Not heard of; only ${JSON.stringify(heard)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
