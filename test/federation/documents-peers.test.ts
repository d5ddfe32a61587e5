import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { Activity, Object as AnyObject, Application, Create, Note, Person } from '@fedify/vocab';
import { preloadedContexts } from '@fedify/vocab-runtime';
import fc from 'fast-check';
import type { JsonObject } from '#base/core/json.ts';
import { savePreferences } from '#domain/accounts/preferences.ts';
import { changeProfile } from '#domain/accounts/profile.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { readSigningKey } from '#domain/accounts/signing-keys.ts';
import { licences } from '#domain/posts/licences.ts';
import { publishPost } from '#domain/posts/publish.ts';
import * as build from '#doors/federation/documents/activities.ts';
import { actorDocument } from '#doors/federation/documents/actor.ts';
import { idsOf } from '#doors/federation/documents/ids.ts';
import { instanceActorDocument } from '#doors/federation/documents/instance-actor.ts';
import { noteDocument } from '#doors/federation/documents/note.ts';
import type { Person as Member, TestApp } from '#test/harness/app.ts';
import { pixelfedProblems } from '#test/harness/pixelfed-rules.ts';
import {
  createDocumentsApp,
  type PhotoShape,
  read,
  shapedPhoto,
  stranger,
} from './documents-world.ts';

// Keys and many requests: a busy machine takes its time.
setDefaultTimeout(30_000);

let app: TestApp;
let anna: Member;
let actor: JsonObject;
let instance: JsonObject;
beforeAll(async () => {
  app = await createDocumentsApp();
  anna = await app.person('anna', 'owner');
  stranger(app.ctx, 'bob');
  savePreferences(app.ctx.db, anna.viewer.id, { showCamera: true, showLens: true, showIso: true });
  changeProfile(app.ctx, anna.viewer, {
    displayName: 'Anna Ü. <3',
    bio: 'Photos of #water & https://lake.example/',
    website: 'https://anna.example',
    fields: [{ name: 'Camera', value: 'A <b>small</b> one' }],
  });
  actor = await readActor();
  instance = instanceActorDocument(app.ctx, (await readSigningKey(app.ctx, 0)).publicPem);
});
afterAll(() => app.close());

async function readActor(): Promise<JsonObject> {
  const { publicPem } = await readSigningKey(app.ctx, anna.viewer.id);
  const account = findAccount(app.ctx.db, anna.viewer.id);
  if (!account) throw new Error('anna is gone');
  return actorDocument(app.ctx, account, publicPem);
}

/** Fedify's way to contexts, without a way out: what it does not carry itself does not exist. */
const contextLoader = async (url: string) => {
  const document = preloadedContexts[url];
  if (document === undefined) throw new Error(`nobody may fetch ${url}`);
  return { contextUrl: null, document, documentUrl: url };
};
const loaders = {
  contextLoader,
  documentLoader: (url: string): Promise<never> => Promise.reject(new Error(`fetched ${url}`)),
};

const words = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom(
        '#Boats',
        '#água',
        '@anna',
        '@bob@peer.example',
        '@nobody',
        'https://a.example/?q=<b>&x="y"',
        '<script>alert(1)</script>',
        '\n\n',
        '\u202e',
        '👩‍🚀',
        ']]>',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(' '));
const side = fc.oneof(fc.integer({ min: 1, max: 2048 }), fc.constantFrom(0, 1, 5000, 5001, 65_000));
const file = fc.record({
  ext: fc.constantFrom('jpg', 'webp', 'gif', 'png', 'avif'),
  width: side,
  height: side,
});
const photos: fc.Arbitrary<PhotoShape[]> = fc.array(
  fc.record({
    description: words.map((text) => text.slice(0, 500).trim()),
    blurhash: fc.constantFrom('', 'x', 'LEHV6nWB2yk8pyo0adR*.7kCMdnj', 'a'.repeat(165)),
    focus: fc.record({ x: fc.double({ min: -1, max: 1, noNaN: true }), y: fc.constant(-0) }),
    camera: fc.constantFrom({}, { make: 'NIKON', model: 'D70', lens: '<i>50</i>', iso: 100 }),
    files: fc.oneof(fc.record({ large: file }), fc.record({ large: file, peer: file })),
  }),
  { maxLength: 4 },
);
const anyPost = fc.record({
  caption: words,
  spoiler: fc.oneof(fc.constant(''), fc.string({ maxLength: 30 })),
  sensitive: fc.boolean(),
  visibility: fc.constantFrom('public', 'unlisted', 'followers', 'self'),
  language: fc.constantFrom(null, 'en', 'pt-BR', 'zh-Hans'),
  licence: fc.constantFrom(...licences.map(({ key }) => key)),
  place: fc.oneof(fc.constant(''), fc.string({ maxLength: 30 })),
  commentsDisabled: fc.boolean(),
  photos,
});
type AnyPost = typeof anyPost extends fc.Arbitrary<infer T> ? T : never;

function makeNote({ photos: shapes, ...words }: AnyPost): JsonObject {
  const { ctx } = app;
  const mediaIds = shapes.map((shape) => shapedPhoto(ctx, anna.viewer.id, shape));
  const caption = words.caption.trim() === '' ? 'Hello' : `Hello ${words.caption}`;
  const post = publishPost(ctx, anna.viewer, { ...words, caption, mediaIds });
  return noteDocument(ctx, post, { forDomain: 'peer.example' });
}

describe('whatever somebody publishes', () => {
  test('Pixelfed takes the Create, the Update and the Delete of it', () => {
    fc.assert(
      fc.property(anyPost, (random) => {
        const note = makeNote(random);
        const [to, cc] = [note.to, note.cc] as string[][];
        const gone = { actor: String(actor.id), uri: String(note.id), to: to ?? [], cc: cc ?? [] };
        for (const activity of [
          build.createActivity(note),
          build.updateActivity(note, 1_700_000_000_000),
          build.deleteActivity(gone),
        ]) {
          expect(pixelfedProblems(JSON.parse(JSON.stringify(activity)))).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('its HTML holds only elements that every server keeps, and no script', () => {
    const kept = /^<\/?(?:p|br|a|span)(?: (?:href|class|rel)="[^"<>]*")*>$/;
    fc.assert(
      fc.property(anyPost, (random) => {
        const content = String(makeNote(random).content);
        for (const [tag] of content.matchAll(/<[^>]*>?/g)) expect(tag).toMatch(kept);
        expect(content).not.toMatch(/href="(?!https?:)/);
      }),
      { numRuns: 60 },
    );
  });

  test('Fedify reads it without asking anybody for a context', async () => {
    await fc.assert(
      fc.asyncProperty(anyPost, async (random) => {
        const note = makeNote(random);
        const read = await Note.fromJsonLd(note, loaders);
        expect(read.id?.href).toBe(String(note.id));
        expect(read.attributionId?.href).toBe(String(actor.id));
        expect(read.toIds.map(({ href }) => href)).toEqual(note.to as string[]);
        expect(read.published?.toString()).toBe(String(note.published));
        expect(read.sensitive).toBe(note.sensitive as boolean);
        const attached: string[] = [];
        for await (const each of read.getAttachments(loaders)) attached.push(each.constructor.name);
        expect(attached).toEqual((note.attachment as JsonObject[]).map(() => 'Image'));
        const create = await Create.fromJsonLd(build.createActivity(note), loaders);
        expect(create.actorId?.href).toBe(String(actor.id));
        expect((await create.getObject(loaders))?.id?.href).toBe(String(note.id));
      }),
      { numRuns: 25 },
    );
  });
});

/** One of everything that is sent, beside posts. */
function everyActivity(): Record<string, JsonObject> {
  const ids = idsOf(app.ctx.config);
  const me = String(actor.id);
  const bob = 'https://peer.example/users/bob';
  const note = 'https://peer.example/notes/1';
  const follow = build.followActivity({ id: ids.follow('anna', 7), actor: me, object: bob });
  const asked = { id: 'https://peer.example/follows/1', actor: bob, object: me };
  const like = build.likeActivity({
    id: ids.like('anna', 7),
    actor: me,
    object: note,
    author: bob,
  });
  const share = build.announceActivity({
    id: ids.share('anna', 7),
    actor: me,
    object: note,
    published: 1_700_000_000_000,
    to: ['https://www.w3.org/ns/activitystreams#Public'],
    cc: [ids.followers('anna'), bob],
  });
  const block = build.blockActivity({ id: ids.block('anna', 7), actor: me, object: bob });
  const pin = {
    actor: me,
    object: ids.post('anna', 7),
    target: ids.featured('anna'),
    followers: ids.followers('anna'),
    at: 1_700_000_000_000,
  };
  return {
    Follow: follow,
    Accept: build.acceptActivity(ids.accept('anna', 7), asked),
    Reject: build.rejectActivity(ids.reject('anna', 7), asked),
    Like: like,
    Announce: share,
    'Undo of a Follow': build.undoActivity(follow),
    'Undo of a Like': build.undoActivity(like),
    'Undo of an Announce': build.undoActivity(share),
    'Undo of a Block': build.undoActivity(block),
    Block: block,
    Add: build.addActivity(pin),
    Remove: build.removeActivity(pin),
    Flag: build.flagActivity({
      id: ids.flag(7),
      actor: ids.instance,
      objects: [bob, note],
      content: 'Spam',
    }),
    Move: build.moveActivity({
      id: ids.move('anna', 7),
      actor: me,
      target: bob,
      followers: ids.followers('anna'),
    }),
    'Delete of a person': build.deleteActorActivity(me),
    'Update of a person': build.updateActorActivity(actor, 1_700_000_000_000),
  };
}

test('the rules of Pixelfed see what is wrong with a post', () => {
  const [photo] = [{ files: { large: { ext: 'jpg', width: 10, height: 10 } } }];
  const good = build.createActivity(
    makeNote({
      caption: 'Hi',
      spoiler: '',
      sensitive: false,
      visibility: 'public',
      language: null,
      licence: 'cc0-1.0',
      place: '',
      commentsDisabled: false,
      photos: [photo as PhotoShape as never],
    }),
  );
  const note = good.object as JsonObject;
  const [attachment] = note.attachment as JsonObject[];
  const attached = (change: JsonObject) => ({ attachment: [{ ...attachment, ...change }] });
  const wrong: Record<string, JsonObject> = {
    F1: attached({ mediaType: 'image/webp' }),
    'F2: width': attached({ width: 5001 }),
    'F2: height': attached({ height: 0 }),
    'F2: blurhash': attached({ blurhash: '' }),
    'F2: name': attached({ name: 7 }),
    'F2: attachment': { attachment: attachment ?? {} },
    F3: attached({ type: 'Link' }),
    'F4: a photo': attached({ url: 'http://photos.example/a.jpg' }),
    'F4: the page': { url: 'https://elsewhere.example/1' },
    F6: attached({ a: { b: { c: { d: { e: { f: 1 } } } } } }),
    'a warning': { summary: 'Blood', sensitive: false },
    'to and cc': { to: String(actor.id) },
  };
  expect(pixelfedProblems(good)).toEqual([]);
  for (const [complaint, change] of Object.entries(wrong)) {
    const problems = pixelfedProblems({ ...good, object: { ...note, ...change } });
    expect(problems.some((each) => each.startsWith(complaint))).toBe(true);
  }
});

describe('everything else that is sent', () => {
  test('is taken by Pixelfed', () => {
    for (const [name, activity] of Object.entries(everyActivity())) {
      expect([name, ...pixelfedProblems(activity)]).toEqual([name]);
    }
  });

  test('is read by Fedify as what it is, with its actor', async () => {
    for (const [name, activity] of Object.entries(everyActivity())) {
      const read = await Activity.fromJsonLd(activity, loaders);
      expect(read.constructor.name).toBe(name.split(' ')[0] ?? '');
      expect(read.actorId?.href).toBe(String(activity.actor));
      expect(read.objectIds.length > 0).toBe(true);
    }
  });

  test('has an id of its own on our host, and goes to somebody', () => {
    const all = Object.values(everyActivity());
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { id, to, cc } of all) {
      expect(String(id)).toStartWith('https://photos.example/');
      expect((to as string[]).length).toBeGreaterThan(0);
      expect(Array.isArray(cc)).toBe(true);
    }
  });
});

describe('an actor', () => {
  test('is what every server wants of one, with its key and its lines', () => {
    expect(actor).toMatchObject({
      id: 'https://photos.example/users/anna',
      type: 'Person',
      preferredUsername: 'anna',
      name: 'Anna Ü. <3',
      summary: expect.stringContaining('href="https://photos.example/tags/water"') as never,
      url: 'https://photos.example/@anna',
      inbox: 'https://photos.example/users/anna/inbox',
      outbox: 'https://photos.example/users/anna/outbox',
      followers: 'https://photos.example/users/anna/followers',
      following: 'https://photos.example/users/anna/following',
      featured: 'https://photos.example/users/anna/featured',
      endpoints: { sharedInbox: 'https://photos.example/inbox' },
      manuallyApprovesFollowers: false,
      discoverable: true,
      indexable: false,
      alsoKnownAs: [],
      webfinger: 'anna@photos.example',
    });
    expect(actor.publicKey).toMatchObject({
      id: 'https://photos.example/users/anna#main-key',
      owner: 'https://photos.example/users/anna',
    });
    expect((actor.attachment as JsonObject[]).map(({ type, name }) => [type, name])).toEqual([
      ['PropertyValue', 'Website'],
      ['PropertyValue', 'Camera'],
    ]);
    expect(JSON.stringify(actor.attachment)).not.toContain('<b>');
    expect(String(actor.published)).toEndWith('T00:00:00Z');
  });

  test('is read by Fedify: a person, a robot, the server itself', async () => {
    const person = await Person.fromJsonLd(actor, loaders);
    expect(person.preferredUsername).toBe('anna');
    expect((await person.getPublicKey(loaders))?.id?.href).toBe(`${String(actor.id)}#main-key`);
    expect(person.endpoints?.sharedInbox?.href).toBe('https://photos.example/inbox');
    app.ctx.db.query(`UPDATE accounts SET actor_type = 'Service' WHERE id = ?`).run(anna.viewer.id);
    const robot = await AnyObject.fromJsonLd(await readActor(), loaders);
    expect(robot.constructor.name).toBe('Service');
    app.ctx.db.query(`UPDATE accounts SET actor_type = 'Person' WHERE id = ?`).run(anna.viewer.id);
    const server = await Application.fromJsonLd(instance, loaders);
    expect(server.id?.href).toBe('https://photos.example/actor');
    expect((await server.getPublicKey(loaders))?.ownerId?.href).toBe(
      'https://photos.example/actor',
    );
  });

  test('says where it moved to and who it also is, as a list', async () => {
    const { ctx } = app;
    const old = 'https://old.example/users/anna';
    const bob = stranger(ctx, 'bobby');
    ctx.db
      .query('UPDATE accounts SET also_known_as = ?, moved_to_id = ? WHERE id = ?')
      .run(JSON.stringify([old]), bob, anna.viewer.id);
    const moved = await readActor();
    expect(moved.alsoKnownAs as unknown).toEqual([old]);
    expect(moved.movedTo).toBe('https://peer.example/users/bobby');
    ctx.db
      .query(`UPDATE accounts SET also_known_as = '[]', moved_to_id = NULL WHERE id = ?`)
      .run(anna.viewer.id);
  });

  test('is served as exactly what Pixelfed reads (F5), and gone with a Tombstone once it was deleted', async () => {
    const served = await read(app, '/users/anna');
    expect(served.headers.get('content-type')).toBe('application/activity+json');
    expect(served.json).toEqual(actor);
    expect((await read(app, '/@anna')).json).toEqual(actor);
    const uri = 'https://photos.example/users/zoe';
    expect((await read(app, '/users/zoe')).status).toBe(404);
    app.ctx.db.query('INSERT INTO tombstones (uri, open, deleted_at) VALUES (?, 1, 1)').run(uri);
    const gone = await read(app, '/users/zoe');
    expect([gone.status, gone.json.type, gone.json.id]).toEqual([410, 'Tombstone', uri]);
  });

  test('leads people from its id to its page', async () => {
    const answer = await app.request('/users/anna', { headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers.get('location')]).toEqual([301, '/@anna']);
  });
});
