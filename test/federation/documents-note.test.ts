import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { JsonObject } from '#base/core/json.ts';
import { transaction } from '#base/db/transaction.ts';
import { savePreferences } from '#domain/accounts/preferences.ts';
import { editPost } from '#domain/posts/edit.ts';
import { publishPost } from '#domain/posts/publish.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import { createActivity } from '#doors/federation/documents/activities.ts';
import { noteDocument } from '#doors/federation/documents/note.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { createDocumentsApp, read, shapedPhoto, stranger } from './documents-world.ts';

// Keys and many requests: a busy machine takes its time.
setDefaultTimeout(30_000);

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
const anna = 'https://photos.example/users/anna';
const START = Date.UTC(2026, 3, 1, 12, 30, 15, 678);

let app: TestApp;
let author: Person;
let reader: Person;
beforeAll(async () => {
  app = await createDocumentsApp({ now: START });
  author = await app.person('anna', 'owner');
  reader = await app.person('ben');
});
afterAll(() => app.close());

type Words = Partial<Parameters<typeof publishPost>[2]>;
function publish(words: Words = {}, as: Person = author): PostRow {
  const mediaIds = words.mediaIds ?? [];
  return publishPost(app.ctx, as.viewer, { caption: 'Hello', ...words, mediaIds });
}
const note = (post: PostRow, forDomain?: string): JsonObject =>
  noteDocument(app.ctx, post, forDomain === undefined ? {} : { forDomain });
const list = (value: unknown): JsonObject[] => value as JsonObject[];

describe('a photo post for other servers', () => {
  test('says everything in the shape that all of them take', () => {
    const photo = shapedPhoto(app.ctx, author.viewer.id, {
      description: 'A red boat on grey water',
      focus: { x: 0.25, y: -0.5 },
    });
    const post = publish({
      caption: 'On the lake with @ben, #Boats\n\nhttps://lake.example/',
      mediaIds: [photo],
      language: 'en',
      licence: 'cc-by-4.0',
      place: 'Lake Constance',
    });
    const id = `${anna}/posts/${post.id}`;
    const { '@context': context, ...rest } = note(post);
    expect(list(context)[0] as unknown).toBe('https://www.w3.org/ns/activitystreams');
    expect(rest as unknown).toEqual({
      id,
      type: 'Note',
      url: `https://photos.example/@anna/${post.id}`,
      attributedTo: anna,
      to: [PUBLIC],
      cc: [`${anna}/followers`, 'https://photos.example/users/ben'],
      published: new Date(post.publishedAt).toISOString().replace(/\.\d+Z$/, 'Z'),
      inReplyTo: null,
      summary: null,
      sensitive: false,
      content: rest.content,
      contentMap: { en: rest.content },
      attachment: [
        {
          type: 'Image',
          mediaType: 'image/jpeg',
          url: expect.stringMatching(/^https:\/\/photos\.example\/media\/[a-z2-7]{26}\.jpg$/),
          name: 'A red boat on grey water',
          width: 2048,
          height: 1536,
          blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
          focalPoint: [0.25, -0.5],
        },
      ],
      tag: [
        { type: 'Mention', href: 'https://photos.example/users/ben', name: '@ben@photos.example' },
        { type: 'Hashtag', href: 'https://photos.example/tags/boats', name: '#Boats' },
      ],
      license: 'https://creativecommons.org/licenses/by/4.0/',
      location: { type: 'Place', name: 'Lake Constance' },
      interactionPolicy: {
        canLike: { automaticApproval: [PUBLIC], manualApproval: [] },
        canReply: { automaticApproval: [PUBLIC], manualApproval: [] },
        canAnnounce: { automaticApproval: [PUBLIC], manualApproval: [] },
        canQuote: { automaticApproval: [anna], manualApproval: [] },
      },
      commentsEnabled: true,
      capabilities: { announce: PUBLIC, like: PUBLIC, reply: PUBLIC },
      replies: { id: `${id}/replies`, type: 'Collection', totalItems: 0 },
      likes: { id: `${id}/likes`, type: 'Collection', totalItems: 0 },
      shares: { id: `${id}/shares`, type: 'Collection', totalItems: 0 },
    });
    expect(rest.content).toBe(
      '<p>On the lake with <span class="h-card"><a href="https://photos.example/@ben" class="u-url mention">@ben</a></span>, ' +
        '<a href="https://photos.example/tags/boats" class="mention hashtag" rel="tag">#Boats</a></p>' +
        '<p><a href="https://lake.example/" rel="nofollow noopener noreferrer ugc">https://lake.example/</a></p>',
    );
  });

  test('goes out in a Create with the same audience and an id below its own', () => {
    const document = note(publish());
    const { object, '@context': context, ...create } = createActivity(document);
    expect(create as unknown).toEqual({
      id: `${String(document.id)}/activity`,
      type: 'Create',
      actor: anna,
      published: document.published,
      to: document.to,
      cc: document.cc,
    });
    expect(context).toEqual(document['@context'] as never);
    expect(object as unknown).toEqual({ ...document, '@context': undefined });
  });

  test('is addressed by its visibility, and a message to nobody but those it names', () => {
    const followers = `${anna}/followers`;
    const audience = (visibility: PostRow['visibility']) => {
      const { to, cc } = note({ ...publish({ caption: 'For @ben' }), visibility });
      return { to, cc } as unknown;
    };
    const ben = 'https://photos.example/users/ben';
    expect(audience('public')).toEqual({ to: [PUBLIC], cc: [followers, ben] });
    expect(audience('unlisted')).toEqual({ to: [followers], cc: [PUBLIC, ben] });
    expect(audience('followers')).toEqual({ to: [followers], cc: [ben] });
    expect(audience('direct')).toEqual({ to: [ben], cc: [] });
    expect(audience('self')).toEqual({ to: [anna], cc: [] });
  });

  test('has a warning only beside sensitive, and says that comments are off twice', () => {
    const document = note(publish({ spoiler: 'Blood', commentsDisabled: true }));
    expect(document).toMatchObject({
      summary: 'Blood',
      sensitive: true,
      commentsEnabled: false,
      interactionPolicy: { canReply: { automaticApproval: [anna] } },
    });
    expect(document.capabilities as unknown).toEqual({ announce: PUBLIC, like: PUBLIC });
  });

  test('carries `updated` from the first edit on', () => {
    const post = publish();
    expect(note(post)).not.toHaveProperty('updated');
    app.clock.advance(60_000);
    const edited = editPost(app.ctx, author.viewer, post.id, { caption: 'Better' });
    expect(note(edited).updated).toBe(
      new Date(edited.editedAt ?? 0).toISOString().replace(/\.\d+Z$/, 'Z'),
    );
  });

  test('sends the JPEG of a transparent photo, a GIF as it is, and nothing that has neither', () => {
    const large = (ext: string) => ({ large: { ext, width: 900, height: 600 } });
    const ids = [
      { ...large('webp'), peer: { ext: 'jpg', width: 900, height: 600 } },
      large('gif'),
      large('webp'),
    ].map((files) => shapedPhoto(app.ctx, author.viewer.id, { files }));
    const sent = list(note(publish({ mediaIds: ids })).attachment);
    expect(sent.map(({ mediaType }) => mediaType)).toEqual(['image/jpeg', 'image/gif']);
  });

  test('leaves out a blurhash that is none and a size beyond 5000 pixels', () => {
    const photo = shapedPhoto(app.ctx, author.viewer.id, {
      blurhash: '',
      files: { large: { ext: 'jpg', width: 8000, height: 100 } },
    });
    const [sent] = list(note(publish({ mediaIds: [photo] })).attachment);
    expect(Object.keys(sent ?? {}).sort()).toEqual([
      'focalPoint',
      'mediaType',
      'name',
      'type',
      'url',
    ]);
    expect(sent?.name).toBeNull();
  });

  test('T114: tells of the camera only what its author shows, never a file name or a place of the photo', () => {
    const camera = {
      make: 'NIKON',
      model: 'NIKON D70',
      lens: 'AF 50mm',
      focalLength: 50,
      focalLength35: 75,
      aperture: 2.8,
      exposure: 0.005,
      iso: 200,
      takenAt: '2025-02-27T17:38:49',
    };
    const send = () => {
      const mediaIds = [shapedPhoto(app.ctx, author.viewer.id, { camera })];
      return list(note(publish({ mediaIds })).attachment)[0];
    };
    expect(send()).not.toHaveProperty('exifData');
    transaction(app.ctx.db, () =>
      savePreferences(app.ctx.db, author.viewer.id, { showCamera: true, showExposure: true }),
    );
    const value = (name: string, text: string) => ({
      '@type': 'PropertyValue',
      name,
      value: text,
    });
    expect(send()?.exifData as unknown).toEqual([
      value('Make', 'NIKON'),
      value('Model', 'NIKON D70'),
      value('ExposureTime', '1/200'),
    ]);
    savePreferences(app.ctx.db, author.viewer.id, {
      showLens: true,
      showFocalLength: true,
      showAperture: true,
      showIso: true,
      showTakenAt: true,
    });
    const names = list(send()?.exifData).map(
      (each) => `${String(each.name)}=${String(each.value)}`,
    );
    expect(names).toEqual([
      'Make=NIKON',
      'Model=NIKON D70',
      'LensModel=AF 50mm',
      'FocalLength=50 mm',
      'FocalLengthIn35mmFilm=75',
      'FNumber=f/2.8',
      'ExposureTime=1/200',
      'PhotographicSensitivity=200',
      'DateTime=2025:02:27 17:38:49',
    ]);
    const known = new Set(
      'type mediaType url name width height blurhash focalPoint exifData'.split(' '),
    );
    expect(Object.keys(send() ?? {}).filter((key) => !known.has(key))).toEqual([]);
  });
});

describe('a comment for other servers', () => {
  test('names what it answers and its author, also when nobody typed a name', () => {
    const parent = publish({}, reader);
    const comment = publish({ caption: 'Nice', inReplyToId: parent.id });
    const document = note(comment);
    expect(document.inReplyTo).toBe(`https://photos.example/users/ben/posts/${parent.id}`);
    expect(list(document.tag)[0]).toMatchObject({ type: 'Mention', name: '@ben@photos.example' });
    expect(document.cc).toContain('https://photos.example/users/ben');
  });

  test('is for the followers of whoever the conversation is of', () => {
    const parent = publish({ visibility: 'followers' }, reader);
    app.ctx.db
      .query(
        `INSERT INTO follows (follower_id, followee_id, state, created_at) VALUES (?, ?, 'accepted', 1)`,
      )
      .run(author.viewer.id, reader.viewer.id);
    const document = note(publish({ inReplyToId: parent.id }));
    expect(document.to as unknown).toEqual(['https://photos.example/users/ben/followers']);
    expect(document.cc as unknown).toEqual(['https://photos.example/users/ben']);
  });

  test('names a remote post by its own id, and a remote person by theirs', () => {
    const bob = stranger(app.ctx, 'bob');
    const parent = publish();
    const uri = 'https://peer.example/notes/7';
    app.ctx.db
      .query('UPDATE posts SET uri = $uri, account_id = $bob, audience_id = $bob WHERE id = $id')
      .run({ uri, bob, id: parent.id });
    const document = note(publish({ inReplyToId: parent.id }));
    expect(document.inReplyTo).toBe(uri);
    expect(list(document.tag)).toEqual([
      { type: 'Mention', href: 'https://peer.example/users/bob', name: '@bob@peer.example' },
    ]);
  });

  test('T108: that more people see than what it answers names neither that nor its author', async () => {
    const parent = publish({}, reader);
    const comment = publish({ caption: 'Seen by all', inReplyToId: parent.id });
    const path = `/users/anna/posts/${comment.id}`;
    expect((await read(app, path)).text).toContain(`/users/ben/posts/${parent.id}`);
    for (const change of ["visibility = 'followers'", "visibility = 'direct'", 'archived_at = 1']) {
      app.ctx.db
        .query(`UPDATE posts SET visibility = 'public', archived_at = NULL WHERE id = $id`)
        .run({ id: parent.id });
      app.ctx.db.query(`UPDATE posts SET ${change} WHERE id = $id`).run({ id: parent.id });
      const { json, text } = await read(app, path);
      expect(json.inReplyTo).toBeNull();
      expect(text).not.toContain('ben');
      expect(text).not.toContain(String(parent.id));
    }
  });
});

describe('a family', () => {
  test('addresses nothing to everybody: what is public inside is for followers outside', async () => {
    const family = await createDocumentsApp({
      settings: { mode: 'family', 'federation.with': 'open' },
    });
    const mum = await family.person('mum', 'owner');
    for (const visibility of ['public', 'unlisted', 'followers'] as const) {
      const photo = shapedPhoto(family.ctx, mum.viewer.id);
      const input = { caption: 'Ours', visibility, mediaIds: [photo] };
      const post = publishPost(family.ctx, mum.viewer, input);
      const plain = noteDocument(family.ctx, post);
      expect(plain.to as unknown).toEqual(['https://photos.example/users/mum/followers']);
      expect(JSON.stringify(plain)).not.toContain('#Public');
      // Nobody gets an address that opens by itself, and each server gets its own.
      expect(plain.attachment as unknown).toEqual([]);
      const one = list(noteDocument(family.ctx, post, { forDomain: 'a.example' }).attachment)[0];
      const other = list(noteDocument(family.ctx, post, { forDomain: 'b.example' }).attachment)[0];
      expect(one?.url).toMatch(/^https:\/\/photos\.example\/media\/shared\/[a-z2-7]{26}\.jpg$/);
      expect(one?.url).not.toBe(other?.url);
    }
    await family.close();
  });
});
