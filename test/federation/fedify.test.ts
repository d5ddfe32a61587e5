import { afterAll, beforeAll, expect, test } from 'bun:test';
import {
  Announce,
  Create,
  Delete,
  Document,
  Follow,
  Like,
  Move,
  Note,
  PUBLIC_COLLECTION,
  Tombstone,
  Undo,
  Update,
} from '@fedify/vocab';
import type { StatusJson } from '#doors/entities/types.ts';
import type { Person, RequestOptions } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { createFedifyPeer, type FedifyPeer } from '#test/harness/fedify.ts';
import { createPeer, type Peer } from '#test/harness/peer.ts';
import { photo } from '#test/posts/world.ts';

// One story in order: what an earlier chapter made, a later one changes.
let app: FederatedApp;
let mary: FedifyPeer;
let elsewhere: Peer;
let ann: Person;
let maryId: string;
let annUri: string;

beforeAll(async () => {
  app = await createFederatedApp({ config: { rates: false } });
  mary = await createFedifyPeer();
  elsewhere = createPeer({ address: '127.0.0.6' });
  ann = await app.person('ann', 'owner');
  annUri = `${app.origin}/users/ann`;
});
afterAll(async () => {
  await app.close();
  await mary.close();
  await elsewhere.close();
});

async function api<T = StatusJson>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await app.request(path, { token: ann.token, ...options });
  const json = (await response.json()) as T;
  if (response.status !== 200)
    throw new Error(`${path}: ${response.status} ${JSON.stringify(json)}`);
  return json;
}

/** Both sides come to rest; Fedify answers some things in its own time. */
async function settle(): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    await settleAll(app);
    await Bun.sleep(20);
  }
}

const last = (type: string) => mary.arrived.filter((each) => each.type === type).at(-1)?.json;
const id = (name: string) => new URL(`${mary.origin}/things/${name}`);
const followersOf = (actor: URL) => new URL(`${actor.href}/followers`);

test('Fedify reads our actor, our instance actor and our WebFinger answer', async () => {
  const actor = await mary.read(annUri);
  expect(actor.type).toBe('Person');
  expect(actor.json.preferredUsername).toBe('ann');
  expect((await mary.read(`${app.origin}/actor`)).type).toBe('Application');
  expect((await mary.read(`${app.origin}/@ann`)).json.id).toBe(annUri);
});

test('we find mary by her handle and follow her; Fedify accepts and we hear it', async () => {
  const found = await api<{ accounts: { id: string; acct: string; display_name: string }[] }>(
    `/api/v2/search?resolve=true&q=${encodeURIComponent(`@mary@${mary.host}`)}`,
  );
  expect(found.accounts.map(({ acct }) => acct)).toEqual([`mary@${mary.host}`]);
  expect(found.accounts[0]?.display_name).toBe('Mary of Fedify');
  maryId = found.accounts[0]?.id ?? '';
  const asked = await api<{ requested: boolean; following: boolean }>(
    `/api/v1/accounts/${maryId}/follow`,
    { method: 'POST' },
  );
  expect(asked).toMatchObject({ requested: true, following: false });
  await settle();
  expect(mary.problems).toEqual([]);
  expect([...mary.followers]).toEqual([annUri]);
  const [now] = await api<{ following: boolean }[]>(
    `/api/v1/accounts/relationships?id[]=${maryId}`,
  );
  expect(now?.following).toBe(true);
});

test('mary follows ann and gets the Accept that Fedify verifies', async () => {
  const follow = new Follow({ id: id('follow'), actor: mary.actor, object: new URL(annUri) });
  await mary.send(annUri, () => follow);
  await settle();
  expect(last('Accept')).toMatchObject({ actor: annUri });
  const followers = await api<{ acct: string }[]>(`/api/v1/accounts/${ann.viewer.id}/followers`);
  expect(followers.map(({ acct }) => acct)).toEqual([`mary@${mary.host}`]);
});

test('a photo of ann arrives at mary, is edited and goes', async () => {
  const mediaId = photo(app.ctx, ann.viewer.id, 'A harbour at dawn');
  const made = await api('/api/v1/statuses', {
    json: { status: 'Morning #light', media_ids: [String(mediaId)] },
  });
  await settle();
  const create = last('Create') as { object: { id: string; attachment: object; tag: object } };
  expect(create.object).toMatchObject({ id: made.uri, attributedTo: annUri });
  expect(JSON.stringify(create.object.attachment)).toContain('A harbour at dawn');
  expect((await mary.read(made.uri)).type).toBe('Note');
  await api(`/api/v1/statuses/${made.id}`, {
    method: 'PUT',
    json: { status: 'Evening #light', media_ids: [String(mediaId)] },
  });
  await settle();
  expect(JSON.stringify(last('Update'))).toContain('Evening');
  await api(`/api/v1/statuses/${made.id}`, { method: 'DELETE' });
  await settle();
  expect(JSON.stringify(last('Delete'))).toContain(made.uri);
  expect(mary.problems).toEqual([]);
});

test('a photo of mary comes to ann’s home, is liked, boosted and answered, and mary hears it', async () => {
  const note = marysNote('<p>Hello <b>there</b></p>');
  await mary.keep(note);
  await mary.send(annUri, (actor) => newCreate(actor, note));
  await settle();
  const home = await api<StatusJson[]>('/api/v1/timelines/home');
  expect(home[0]?.account.acct).toBe(`mary@${mary.host}`);
  expect(home[0]?.media_attachments[0]).toMatchObject({ description: 'Rocks', type: 'image' });
  expect(home[0]?.content).toContain('Hello');
  const at = `/api/v1/statuses/${home[0]?.id}`;
  await api(`${at}/favourite`, { method: 'POST' });
  await api(`${at}/reblog`, { method: 'POST' });
  const answer = await api('/api/v1/statuses', {
    json: { status: 'Lovely rocks', in_reply_to_id: home[0]?.id },
  });
  await settle();
  expect(last('Like')).toMatchObject({ object: note.id?.href });
  expect(last('Announce')).toMatchObject({ object: note.id?.href });
  const comment = last('Create') as { object: { id: string; inReplyTo: string } };
  expect(comment.object).toMatchObject({ id: answer.uri, inReplyTo: note.id?.href });
  await api(`${at}/unfavourite`, { method: 'POST' });
  await api(`${at}/unreblog`, { method: 'POST' });
  await settle();
  expect(mary.arrived.filter(({ type }) => type === 'Undo').length).toBe(2);
  expect(mary.problems).toEqual([]);
});

test('mary edits and deletes what she posted', async () => {
  const [before] = await api<StatusJson[]>('/api/v1/timelines/home');
  const note = marysNote('<p>Hello again</p>', Temporal.Now.instant());
  await mary.keep(note);
  const edit = new Update({
    id: id('edit'),
    actor: mary.actor,
    to: PUBLIC_COLLECTION,
    object: note,
  });
  await mary.send(annUri, () => edit);
  await settle();
  const edited = await api(`/api/v1/statuses/${before?.id}`);
  expect(edited.content).toContain('Hello again');
  expect(edited.edited_at).not.toBeNull();
  const farewell = new Delete({
    id: id('delete'),
    actor: mary.actor,
    to: PUBLIC_COLLECTION,
    object: new Tombstone({ id: note.id }),
  });
  await mary.send(annUri, () => farewell);
  await settle();
  expect((await app.request(`/api/v1/statuses/${before?.id}`, { token: ann.token })).status).toBe(
    404,
  );
});

test('mary comments, likes and boosts a photo of ann, and takes it back', async () => {
  const made = await api('/api/v1/statuses', {
    json: { status: 'For mary', media_ids: [String(photo(app.ctx, ann.viewer.id, 'A tree'))] },
  });
  await settle();
  const post = new URL(made.uri);
  const like = new Like({ id: id('like'), actor: mary.actor, object: post });
  const boost = new Announce({
    id: id('boost'),
    actor: mary.actor,
    object: post,
    to: PUBLIC_COLLECTION,
    cc: followersOf(mary.actor),
  });
  const comment = new Note({
    id: new URL(`${mary.actor.href}/notes/comment`),
    attribution: mary.actor,
    replyTarget: post,
    content: '<p>What a tree!</p>',
    to: PUBLIC_COLLECTION,
    ccs: [new URL(annUri)],
    published: Temporal.Now.instant(),
  });
  await mary.keep(comment);
  for (const activity of [like, boost, newCreate(mary.actor, comment, 'comment')]) {
    await mary.send(annUri, () => activity);
  }
  await settle();
  expect(await api(`/api/v1/statuses/${made.id}`)).toMatchObject({
    favourites_count: 1,
    reblogs_count: 1,
    replies_count: 1,
  });
  const thread = await api<{ descendants: StatusJson[] }>(`/api/v1/statuses/${made.id}/context`);
  expect(thread.descendants.map(({ account }) => account.acct)).toEqual([`mary@${mary.host}`]);
  await mary.send(annUri, () => new Undo({ id: id('u1'), actor: mary.actor, object: like }));
  await mary.send(annUri, () => new Undo({ id: id('u2'), actor: mary.actor, object: boost }));
  await settle();
  expect(await api(`/api/v1/statuses/${made.id}`)).toMatchObject({
    favourites_count: 0,
    reblogs_count: 0,
  });
});

test('mary moves, and ann follows her to the new place', async () => {
  const successor = elsewhere.actor('mary2', { alsoKnownAs: [mary.actor.href] });
  mary.movedTo = new URL(successor.uri);
  const move = new Move({
    id: id('move'),
    actor: mary.actor,
    object: mary.actor,
    target: new URL(successor.uri),
    to: followersOf(mary.actor),
  });
  await mary.send(annUri, () => move);
  await settle();
  const asked = elsewhere.posted().filter(({ type }) => type === 'Follow');
  expect(asked).toMatchObject([{ actor: annUri, object: successor.uri }]);
});

function marysNote(content: string, updated?: Temporal.Instant): Note {
  return new Note({
    id: new URL(`${mary.actor.href}/notes/photo`),
    attribution: mary.actor,
    content,
    to: PUBLIC_COLLECTION,
    ccs: [followersOf(mary.actor)],
    published: Temporal.Now.instant().subtract({ minutes: 5 }),
    attachments: [
      new Document({
        url: new URL(`${mary.origin}/rocks.jpg`),
        mediaType: 'image/jpeg',
        name: 'Rocks',
        width: 640,
        height: 480,
      }),
    ],
    ...(updated ? { updated } : {}),
  });
}

function newCreate(actor: URL, note: Note, name = 'create'): Create {
  return new Create({ id: id(name), actor, object: note, to: PUBLIC_COLLECTION, ccs: note.ccIds });
}
