import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import type tls from 'node:tls';
import generator, {
  type Entity,
  type MegalodonInterface,
  type WebSocketInterface,
} from 'megalodon';
import { finish, ORIGIN, REDIRECT, signInAt, smallPicture, step } from './journey.ts';

/** megalodon as its users call it, with the adapter that is named on the command line. */
const adapter = process.argv[2] === 'pixelfed' ? 'pixelfed' : 'mastodon';

// The name leads to this machine; everything else of the connection is the real one.
const core = createRequire(process.argv[1] ?? '/')('node:tls') as typeof tls;
const real = core.connect;
core.connect = ((options: tls.ConnectionOptions, ...rest: [() => void]) =>
  real(
    options.host === new URL(ORIGIN).host
      ? {
          ...options,
          host: '127.0.0.1',
          servername: options.host,
          port: Number(process.env.TLS_PORT),
        }
      : options,
    ...rest,
  )) as typeof tls.connect;

type Signed = { client: MegalodonInterface; id: string; secret: string; token: string };

async function signIn(name: string): Promise<Signed> {
  const app = await generator(adapter, ORIGIN).registerApp('Journey', {
    scopes: ['read', 'write', 'follow'],
    redirect_uris: REDIRECT,
  });
  const code = await signInAt(app.url ?? '', name);
  const granted = await generator(adapter, ORIGIN).fetchAccessToken(
    app.client_id,
    app.client_secret,
    code,
    REDIRECT,
  );
  const token = granted.access_token;
  assert.ok(token.length > 20);
  const client = generator(adapter, ORIGIN, token);
  return { client, id: app.client_id, secret: app.client_secret, token };
}

const ann = await step('ann signs in', () => signIn('ann'));
const ben = await step('ben signs in', () => signIn('ben'));
if (!ann || !ben) finish();

await step('the app knows itself', async () => {
  const { data } = await ann.client.verifyAppCredentials();
  assert.equal(data.name, 'Journey');
});

await step('instance', async () => {
  const { data } = await ann.client.getInstance();
  assert.equal(data.uri, 'photos.test');
  assert.ok((data.configuration.statuses.max_media_attachments ?? 0) > 0);
  assert.ok(data.contact_account);
});

await step('boot calls', async () => {
  assert.equal((await ann.client.verifyAccountCredentials()).data.username, 'ann');
  assert.deepEqual((await ann.client.getHomeTimeline()).data, []);
  assert.ok((await ann.client.getPreferences()).data);
  assert.deepEqual((await ann.client.getFollowRequests()).data, []);
  assert.deepEqual((await ann.client.getInstanceCustomEmojis()).data, []);
  assert.deepEqual((await ann.client.getFilters()).data, []);
});

const followed = await step('ann looks for ben and follows him', async () => {
  const { data } = await ann.client.searchAccount('ben', { limit: 5 });
  const [found] = data;
  assert.equal(found?.username, 'ben');
  assert.equal((await ann.client.followAccount(found?.id ?? '')).data.following, true);
  assert.equal((await ann.client.getRelationship(found?.id ?? '')).data.following, true);
  return found?.id ?? '';
});

const stream = adapter === 'pixelfed' ? null : await step('the stream opens', openStream);

const photo = await step('ben uploads a photo', async () => {
  const { data } = await ben.client.uploadMedia(Buffer.from(smallPicture()), {
    description: 'A square',
  });
  assert.match(data.url ?? '', /^https:\/\/photos\.test\/media\//);
  return data as Entity.Attachment;
});

await step('ben describes it', async () => {
  const { data } = await ben.client.updateMedia(photo?.id ?? '', { description: 'Colours' });
  assert.equal(data.description, 'Colours');
});

const post = await step('ben posts it', async () => {
  const { data } = await ben.client.postStatus('Morning #light', {
    media_ids: [photo?.id ?? ''],
    visibility: 'public',
  });
  assert.equal((data as Entity.Status).media_attachments.length, 1);
  return data as Entity.Status;
});
const id = post?.id ?? '0';

await step('ann hears of it at once', async () => {
  if (stream) await until(() => stream.heard.includes(id));
});

await step('ann comments, likes, boosts and keeps it', async () => {
  const said = await ann.client.postStatus('Lovely!', { in_reply_to_id: id });
  assert.equal((said.data as Entity.Status).in_reply_to_id, id);
  assert.equal((await ann.client.favouriteStatus(id)).data.favourited, true);
  assert.equal((await ann.client.reblogStatus(id)).data.reblog?.id, id);
  assert.equal((await ann.client.bookmarkStatus(id)).data.bookmarked, true);
  assert.equal((await ann.client.getStatusContext(id)).data.descendants.length, 1);
  assert.equal((await ann.client.getFavourites()).data[0]?.id, id);
  assert.equal((await ann.client.getBookmarks()).data[0]?.id, id);
  assert.equal((await ann.client.getStatusFavouritedBy(id)).data[0]?.username, 'ann');
  assert.equal((await ann.client.getStatusRebloggedBy(id)).data[0]?.username, 'ann');
  assert.equal((await ann.client.unreblogStatus(id)).data.id, id);
  assert.equal((await ann.client.unfavouriteStatus(id)).data.favourited, false);
  assert.equal((await ann.client.unbookmarkStatus(id)).data.bookmarked, false);
});

await step('ben edits it', async () => {
  const { data } = await ben.client.editStatus(id, { status: 'Evening #light' });
  assert.match(data.content, /Evening/);
});

await step('home, public, hashtag and profile show it', async () => {
  for (const [where, { data }] of Object.entries({
    home: await ann.client.getHomeTimeline(),
    // The adapter for Pixelfed asks for posts of other servers alone.
    everybody:
      await ann.client[adapter === 'pixelfed' ? 'getLocalTimeline' : 'getPublicTimeline'](),
    here: await ann.client.getLocalTimeline(),
    hashtag: await ann.client.getTagTimeline('light'),
    profile: await ann.client.getAccountStatuses(followed ?? '', { only_media: true }),
  })) {
    assert.ok(
      data.some((each) => each.id === id),
      where,
    );
  }
  assert.equal((await ann.client.getAccountFollowers(followed ?? '')).data[0]?.username, 'ann');
});

await step('notifications', async () => {
  const { data } = await ben.client.getNotifications();
  assert.ok(data.some(({ type }) => type === 'follow'));
  assert.ok(data.every((each) => each.account));
});

await step('search', async () => {
  const { data } = await ann.client.search('light', { type: 'hashtags' });
  assert.equal(data.hashtags[0]?.name, 'light');
});

await step('mute and block, and back', async () => {
  assert.equal((await ann.client.muteAccount(followed ?? '', true)).data.muting, true);
  assert.equal((await ann.client.getMutes()).data[0]?.id, followed);
  assert.equal((await ann.client.unmuteAccount(followed ?? '')).data.muting, false);
  assert.equal((await ann.client.blockAccount(followed ?? '')).data.blocking, true);
  assert.equal((await ann.client.getBlocks()).data[0]?.id, followed);
  assert.equal((await ann.client.unblockAccount(followed ?? '')).data.blocking, false);
});

await step('a scheduled post waits', async () => {
  const at = new Date(Date.now() + 3_600_000).toISOString();
  const { data } = await ben.client.postStatus('Later', { scheduled_at: at });
  assert.equal((await ben.client.getScheduledStatuses()).data[0]?.id, data.id);
  await ben.client.cancelScheduledStatus(data.id);
});

await step('ben deletes his post', async () => {
  await ben.client.deleteStatus(id);
  await assert.rejects(ann.client.getStatus(id), isRefused(404));
});

await step('ann signs out', async () => {
  stream?.socket.stop();
  await ann.client.revokeToken(ann.id, ann.secret, ann.token);
  await assert.rejects(ann.client.verifyAccountCredentials(), isRefused(401));
});
finish();

async function openStream(): Promise<{ socket: WebSocketInterface; heard: string[] }> {
  const heard: string[] = [];
  const socket = await (ann as Signed).client.userStreaming();
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', () => resolve());
    socket.on('error', reject);
    socket.on('update', (status: Entity.Status) => heard.push(status.id));
  });
  return { socket, heard };
}

function isRefused(status: number): (error: unknown) => boolean {
  return (error) => (error as { response?: { status: number } }).response?.status === status;
}

async function until(happened: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!happened()) {
    if (Date.now() > end) throw new Error('Not heard of.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
