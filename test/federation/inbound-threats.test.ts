import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { findFollow } from '#domain/relationships/queries.ts';
import { parseActivity } from '#doors/federation/inbound/parse-activity.ts';
import type { Person } from '#test/harness/app.ts';
import { type FederatedApp, settleAll } from '#test/harness/federation.ts';
import type { PeerActor, PostOptions } from '#test/harness/peer.ts';
import { createAttackWorld } from './attack-world.ts';
import {
  accountOf,
  activityOf,
  knowActor,
  letFollow,
  noteOf,
  PUBLIC,
  rowsIn,
} from './inbound-world.ts';

const world = createAttackWorld();
const { good, bad, annUri, inbox, post, asEvil, asVictim, gets } = world;
let app: FederatedApp;
let ann: Person;
let victim: PeerActor;
let evil: PeerActor;

beforeAll(async () => {
  ({ app, ann } = await world.open());
});
beforeEach(() => {
  ({ victim, evil } = world.next());
});
afterAll(() => world.close());

describe('who speaks', () => {
  test('T1: an unsigned activity is refused and nobody is asked', async () => {
    const create = activityOf(evil, 'Create', noteOf(evil, 1));
    const before = gets(bad);
    const answer = await post(bad, create, { as: evil, scheme: 'none' });
    expect(answer).toEqual({ status: 401, error: 'The request must be signed.' });
    expect(gets(bad)).toBe(before);
    expect(rowsIn(app, 'inbox_items')).toBe(0);
  });

  test('T3: an activity in the name of somebody else is refused', async () => {
    await letFollow(app, ann, victim);
    const create = activityOf(victim, 'Create', noteOf(victim, 1));
    expect((await asEvil(create)).status).toBe(401);
  });

  test('T4: two actors, or one of two names, are no actor', async () => {
    const create = activityOf(evil, 'Create', noteOf(evil, 1));
    const both = [evil.uri, victim.uri];
    for (const actor of [both, both.toReversed(), { id: evil.uri, '@id': victim.uri }, [], {}, 7]) {
      expect((await asEvil({ ...create, actor })).status).toBe(400);
    }
  });

  test('T5: an activity with the id of another server is refused', async () => {
    const create = activityOf(evil, 'Create', noteOf(evil, 1), { id: `${victim.uri}/create/1` });
    expect((await asEvil(create)).status).toBe(400);
  });

  test('T6: nobody uses up the id of somebody else’s activity', async () => {
    await letFollow(app, ann, victim);
    const create = activityOf(victim, 'Create', noteOf(victim, 1));
    const neighbour = good.actor('neighbour');
    await asEvil(create);
    await post(good, { ...create, actor: neighbour.uri }, { as: neighbour });
    expect((await asVictim(create)).status).toBe(202);
    expect(readPostByUri(app.ctx, String(noteOf(victim, 1).id))).not.toBeNull();
  });

  test('T18: what comes twice is done once', async () => {
    await letFollow(app, ann, victim);
    const create = activityOf(victim, 'Create', noteOf(victim, 1));
    const how: PostOptions = { as: victim, tamper: { date: new Date().toUTCString() } };
    const answers = await Promise.all([
      good.post(inbox(), create, how),
      good.post(inbox(), create, how),
      good.post(inbox(), create, { as: victim }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(rowsIn(app, 'inbox_items')).toBe(1);
    await settleAll(app);
  });

  test('T29: nobody elsewhere speaks for an account of here', async () => {
    const create = activityOf(evil, 'Create', noteOf(evil, 1));
    const forged = { ...create, id: `${annUri()}/create/1`, actor: annUri() };
    expect((await asEvil(forged)).status).toBe(401);
    const keyId = `${annUri()}#main-key`;
    expect((await post(bad, create, { as: evil, tamper: { keyId } })).status).toBe(401);
  });
});

describe('what is said', () => {
  test('T7: a post that is not the signer’s own is not taken from the embed', async () => {
    await letFollow(app, ann, evil);
    const stolen = noteOf(victim, 1);
    await asEvil(activityOf(evil, 'Create', stolen));
    const lent = noteOf(evil, 2, { attributedTo: victim.uri });
    await asEvil(activityOf(evil, 'Create', lent));
    expect(readPostByUri(app.ctx, String(stolen.id))).toBeNull();
    expect(readPostByUri(app.ctx, String(lent.id))).toBeNull();
  });

  test('T8: a Create of a post that is here changes neither its audience nor its words', async () => {
    await letFollow(app, ann, victim);
    await letFollow(app, ann, evil);
    const closed = noteOf(victim, 1, { to: [`${victim.uri}/followers`], cc: [] });
    await asVictim(activityOf(victim, 'Create', closed));
    await asEvil(activityOf(evil, 'Create', { ...closed, to: [PUBLIC], content: 'wider' }));
    await asVictim(activityOf(victim, 'Create', { ...closed, to: [PUBLIC] }));
    expect(readPostByUri(app.ctx, String(closed.id))).toMatchObject({
      visibility: 'followers',
      caption: 'Note 1',
    });
  });

  test('T9: nobody changes, deletes, takes back or pins what is somebody else’s', async () => {
    const account = await letFollow(app, ann, victim);
    const note = noteOf(victim, 1);
    await asVictim(activityOf(victim, 'Create', note));
    const follow = activityOf(victim, 'Follow', annUri());
    await asVictim(follow);
    await asEvil(activityOf(evil, 'Update', { ...note, content: 'changed' }));
    await asEvil(
      activityOf(evil, 'Update', { ...noteOf(evil, 9), id: note.id, content: 'changed' }),
    );
    await asEvil(activityOf(evil, 'Delete', { id: note.id, type: 'Tombstone' }));
    await asEvil(activityOf(evil, 'Delete', { id: victim.uri, type: 'Person' }));
    await asEvil(activityOf(evil, 'Undo', follow));
    await asEvil(activityOf(evil, 'Undo', follow.id));
    await asEvil(activityOf(evil, 'Add', note.id, { target: `${victim.uri}/featured` }));
    await asEvil(activityOf(evil, 'Add', note.id, { target: `${evil.uri}/featured` }));
    expect(readPostByUri(app.ctx, String(note.id))?.caption).toBe('Note 1');
    expect(findFollow(app.ctx.db, account.id, ann.viewer.id)?.state).toBe('accepted');
    expect(rowsIn(app, 'featured')).toBe(0);
    expect(accountOf(app, victim)?.deletionAt).toBeNull();
  });

  test('T10: an Accept counts only from who was asked, for what was asked', async () => {
    const account = await knowActor(app, victim);
    followAccount(app.ctx, ann.viewer, account.id);
    const follow = {
      id: `${annUri()}#follows/${account.id}`,
      type: 'Follow',
      actor: annUri(),
      object: victim.uri,
    };
    const state = () => findFollow(app.ctx.db, ann.viewer.id, account.id)?.state;
    await asEvil(activityOf(evil, 'Accept', follow));
    await asEvil(activityOf(evil, 'Accept', { ...follow, object: evil.uri }));
    await asEvil(activityOf(evil, 'Accept', follow.id));
    await asEvil(activityOf(evil, 'Reject', follow));
    await asVictim(activityOf(victim, 'Accept', `${victim.uri}/random`));
    await asVictim(activityOf(victim, 'Accept', { ...follow, type: 'Like' }));
    expect(state()).toBe('requested');
    const id = accountOf(app, evil)?.id ?? 0;
    expect(findFollow(app.ctx.db, ann.viewer.id, id)).toBeNull();
  });

  test('T11: posts of somebody who has not accepted yet change nothing about that', async () => {
    const account = await knowActor(app, victim);
    followAccount(app.ctx, ann.viewer, account.id);
    const note = noteOf(victim, 1, { to: [`${victim.uri}/followers`], cc: [] });
    await asVictim(activityOf(victim, 'Create', note));
    expect(findFollow(app.ctx.db, ann.viewer.id, account.id)?.state).toBe('requested');
    expect(readPostByUri(app.ctx, String(note.id))).toBeNull();
  });

  test('T12: JSON-LD that means something else than it says is refused', async () => {
    const create = activityOf(victim, 'Create', noteOf(victim, 1));
    const AS = 'https://www.w3.org/ns/activitystreams';
    const twisted: unknown[] = [
      { '@context': AS, '@graph': [create] },
      { ...create, object: { ...noteOf(victim, 1), '@reverse': { object: victim.uri } } },
      { ...create, '@included': [{ id: evil.uri }] },
      { ...create, '@context': [AS, { actor: 'as:object', object: 'as:actor' }] },
      { ...create, '@context': [AS, { cc: { '@id': 'as:bcc' } }] },
      { ...create, '@context': [AS, { note: '@graph' }] },
      { ...create, object: { ...noteOf(victim, 1), '@context': { attributedTo: 'as:actor' } } },
    ];
    for (const activity of twisted) expect((await asVictim(activity)).status).toBe(400);
    const usual = { id: '@id', type: '@type', to: { '@id': 'as:to', '@type': '@id' } };
    const fine = { ...create, '@context': [AS, { ...usual, Hashtag: 'as:Hashtag' }] };
    expect((await asVictim(fine)).status).toBe(202);
  });

  test('T30: a boost does not show anybody what is not for everybody', async () => {
    await letFollow(app, ann, evil);
    const closed = noteOf(victim, 1, { to: [`${victim.uri}/followers`], cc: [] });
    good.serve(new URL(String(closed.id)).pathname, closed);
    await asEvil(activityOf(evil, 'Announce', { ...closed, to: [PUBLIC] }));
    expect(rowsIn(app, 'shares')).toBe(0);
    const input = { caption: 'Closed', mediaIds: [], visibility: 'followers' as const };
    const own = publishPost(app.ctx, ann.viewer, input);
    await asEvil(activityOf(evil, 'Announce', `${annUri()}/posts/${own.id}`));
    expect(rowsIn(app, 'shares')).toBe(0);
  });

  test('T78: keys that reach into the objects of the language are left out', async () => {
    const text =
      '{"id":"x","__proto__":{"polluted":1},"constructor":{"a":1},"b":{"__proto__":[1]}}';
    const parsed = parseActivity(text);
    expect(Object.keys(parsed)).toEqual(['id', 'b']);
    expect(Object.getPrototypeOf(parsed)).toBeNull();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    await letFollow(app, ann, victim);
    const note = JSON.stringify(activityOf(victim, 'Create', noteOf(victim, 1)));
    const sent = note.replace('"object":{', '"object":{"__proto__":{"content":"evil"},');
    expect((await asVictim(sent)).status).toBe(202);
    expect(readPostByUri(app.ctx, String(noteOf(victim, 1).id))?.caption).toBe('Note 1');
  });
});
