import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { JsonObject } from '#base/core/json.ts';
import { normaliseActivity } from '#doors/federation/inbound/normalise.ts';
import { parseActivity } from '#doors/federation/inbound/parse-activity.ts';
import { readActor } from '#doors/federation/inbound/read-actor.ts';
import { readBlurhash } from '#doors/federation/inbound/read-blurhash.ts';
import { readNote } from '#doors/federation/inbound/read-note.ts';
import { visibilityOf } from '#doors/federation/inbound/visibility-of.ts';
import { fastest } from '#test/harness/fastest.ts';

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
const ID = 'https://there.example/notes/1';
const AUTHOR = 'https://there.example/users/bob';

function note(more: JsonObject) {
  const read = readNote({ id: ID, type: 'Note', attributedTo: AUTHOR, content: 'Hi', ...more });
  if ('problem' in read) throw new Error(read.problem);
  return read;
}

function actor(more: JsonObject) {
  const read = readActor({
    id: AUTHOR,
    type: 'Person',
    preferredUsername: 'bob',
    inbox: `${AUTHOR}/inbox`,
    ...more,
  });
  if ('problem' in read) throw new Error(read.problem);
  return read;
}

describe('every shape of a post (federation.md §2.4)', () => {
  test('whom it is for, in every spelling', () => {
    const followers = `${AUTHOR}/followers`;
    const shown = (to: JsonObject[string], cc: JsonObject[string] = []) =>
      visibilityOf(note({ to, cc }), followers);
    expect(shown(PUBLIC)).toBe('public');
    expect(shown(['as:Public'])).toBe('public');
    expect(shown({ id: 'Public' })).toBe('public');
    expect(shown(followers, 'as:Public')).toBe('unlisted');
    expect(shown([], { '@id': followers })).toBe('followers');
    expect(shown('https://here.example/users/ann', null)).toBe('direct');
  });

  test('ids and types as `@id` and `@type`, types in lists and with a prefix', () => {
    const read = readNote({ '@id': ID, '@type': ['as:Note', 'Other'], attributedTo: [AUTHOR] });
    expect(read).toMatchObject({ uri: ID, authors: [AUTHOR] });
  });

  test('T7: where a link leads is not who somebody is or what something is', () => {
    const link = (href: string) => ({ type: 'Link', href });
    expect(readNote({ type: 'Note', href: ID, attributedTo: AUTHOR })).toHaveProperty('problem');
    expect(note({ attributedTo: link(AUTHOR) }).authors).toEqual([]);
    const follow = { id: `${AUTHOR}#1`, type: 'Follow', object: link(ID) };
    expect(normaliseActivity({ ...follow, actor: link(AUTHOR) })).toHaveProperty('problem');
    expect(normaliseActivity({ ...follow, actor: AUTHOR })).toMatchObject({ object: { id: null } });
  });

  test('words in `contentMap` alone, and a title where the software has one', () => {
    expect(note({ content: null, contentMap: { nl: '<p>Dag</p>' } })).toMatchObject({
      caption: 'Dag',
      language: 'nl',
    });
    expect(note({ type: 'Page', name: 'Title <b>' }).captionHtml).toStartWith(
      '<p><strong>Title &lt;b&gt;</strong></p>',
    );
    expect(note({ content: { '@value': 'In a box' } }).caption).toBe('In a box');
  });

  test('a question is its text with the answers, an event its time and place', () => {
    const options = [{ type: 'Note', name: 'Yes' }, { name: '<i>No</i>' }];
    expect(note({ type: 'Question', oneOf: options }).captionHtml).toContain(
      '<ul><li>Yes</li><li>&lt;i&gt;No&lt;/i&gt;</li></ul>',
    );
    const event = { type: 'Event', name: 'Walk', startTime: '2026-05-01T10:00:00Z' };
    const caption = note({ ...event, location: { name: 'Park' } }).caption;
    expect(caption).toContain('2026-05-01 10:00 UTC, Park');
  });

  test('photos as links, lists of links, scalars, and the post itself; films as links', () => {
    const url = [
      { type: 'Link', mediaType: 'text/html', href: 'https://there.example/page' },
      { type: 'Link', mediaType: 'image/png', href: 'https://there.example/a.png' },
    ];
    expect(note({ attachment: { type: 'Document', url } }).photos).toMatchObject([
      { url: 'https://there.example/a.png', mime: 'image/png' },
    ]);
    const image = { type: 'Image', url: 'https://there.example/b', name: 'Alt' };
    expect(note({ ...image, content: null })).toMatchObject({
      caption: 'Alt',
      photos: [{ mime: 'image/jpeg', description: 'Alt' }],
    });
    const film = { type: 'Video', mediaType: 'video/mp4', url: 'https://there.example/c.mp4' };
    const read = note({ attachment: [{ ...film, name: 'A film' }] });
    expect(read.photos).toEqual([]);
    expect(read.captionHtml).toContain('href="https://there.example/c.mp4"');
    expect(note({ attachment: { ...image, mediaType: 'image/svg+xml' } }).photos).toEqual([]);
    const summary = { ...image, summary: 'From summary' };
    expect(note({ attachment: summary }).photos[0]?.description).toBe('From summary');
  });

  test('what others may do with a post, as GoToSocial and Pixelfed say it', () => {
    const everybody = 'https://www.w3.org/ns/activitystreams#Public';
    const some = { automaticApproval: ['as:Public'] };
    const shut = (more: JsonObject) => {
      const { likesDisabled, sharesDisabled, commentsDisabled } = note(more);
      return [likesDisabled, sharesDisabled, commentsDisabled];
    };
    const open = [false, false, false];
    expect(shut({})).toEqual(open);
    // Mastodon speaks of quotes alone.
    expect(shut({ interactionPolicy: { canQuote: { automaticApproval: [AUTHOR] } } })).toEqual(
      open,
    );
    const own = { automaticApproval: [AUTHOR], manualApproval: [] };
    const policy = { canLike: own, canAnnounce: { always: AUTHOR }, canReply: {} };
    expect(shut({ interactionPolicy: policy })).toEqual([true, true, true]);
    const mention = { type: 'Mention', href: 'https://here.example/users/ann' };
    expect(shut({ interactionPolicy: policy, tag: mention })).toEqual([true, true, false]);
    const asked = { automaticApproval: [AUTHOR], manualApproval: [`${AUTHOR}/followers`] };
    expect(shut({ interactionPolicy: { canLike: some, canAnnounce: asked } })).toEqual(open);
    const old = { always: [], approvalRequired: [everybody] };
    expect(shut({ interactionPolicy: { canLike: old, canReply: old } })).toEqual(open);
    const capabilities = { like: everybody, announce: null, reply: '[]' };
    expect(shut({ capabilities })).toEqual([false, true, true]);
    expect(shut({ capabilities: { announce: everybody } })).toEqual(open);
    expect(shut({ commentsEnabled: false })).toEqual([false, false, true]);
    expect(shut({ interactionPolicy: 'nonsense', capabilities: [3] })).toEqual(open);
  });

  test('licences by their address, however it is written', () => {
    const license = 'http://creativecommons.org/licenses/by-sa/4.0/deed.de';
    expect(note({ license }).licence).toBe('cc-by-sa-4.0');
    expect(note({ license: 'https://example.org/mine' }).licence).toBeNull();
  });
});

describe('limits', () => {
  test('T49: of fifty thousand tags, mentions and photos a few are looked at', async () => {
    const many = <T>(make: (index: number) => T) =>
      Array.from({ length: 50_000 }, (_, i) => make(i));
    const document = {
      to: many((i) => `https://victim${i}.example/users/a`),
      tag: [
        ...many((i) => ({ type: 'Hashtag', name: `#tag${i}` })).slice(0, 500),
        ...many((i) => ({ type: 'Mention', href: `https://victim${i}.example/users/a` })),
      ],
      attachment: many((i) => ({ type: 'Image', url: `https://there.example/${i}.jpg` })),
    };
    expect(await fastest(() => note(document))).toBeLessThan(200);
    const read = note(document);
    const counts = [read.tags.length, read.mentions.length, read.photos.length, read.to.length];
    expect(counts).toEqual([30, 20, 20, 1000]);
  });

  test('T53: names cannot turn the direction of text, and usernames are plain', () => {
    expect(actor({ name: 'evil\u202egro.elpmaxe' }).displayName).not.toContain('\u202e');
    const bad = ['b\u202eob', 'bob@x', '', '.bob', 'bób', 'b ob', 'a'.repeat(101), '<b>'];
    for (const preferredUsername of bad) {
      expect(() => actor({ preferredUsername })).toThrow('no username');
    }
    const alt = { type: 'Image', url: 'https://there.example/a.jpg', name: 'a\u202eb' };
    expect(note({ attachment: alt }).photos[0]?.description).toBe('ab');
  });

  test('T54: only http and https addresses are kept, in posts and in profiles', () => {
    const bad = [
      'javascript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      ' javascript:alert(1)',
      'https://user:password@there.example/',
      '//there.example/x',
      'file:///etc/passwd',
      'https:\\\\there.example',
    ];
    for (const url of bad) {
      const read = note({
        url,
        attachment: [{ type: 'Image', mediaType: 'image/png', url }],
        tag: [{ type: 'Mention', href: url }],
        inReplyTo: url,
        content: `<a href="${url}">x</a>`,
        replies: url,
      });
      if (!url.includes('user:')) expect(read.captionHtml).not.toContain('href');
      expect(read).toMatchObject({ mentions: [], inReplyToUri: null, repliesUrl: null });
      const places = [read.url, ...read.photos.map((photo) => photo.url)].filter(
        (at) => at !== null,
      );
      for (const place of places) expect(place).toBe('https://there.example/');
      const profile = actor({ icon: { url }, image: url, url, featured: url, movedTo: url });
      const kept = [profile.avatarUrl, profile.headerUrl, profile.url];
      for (const place of kept.filter((at) => at !== null))
        expect(place).toBe('https://there.example/');
      expect([profile.featuredUrl, profile.movedToUri]).toEqual([null, null]);
      const field = { type: 'PropertyValue', name: 'Web', value: `<a href="${url}">x</a>` };
      const [value] = actor({ attachment: [field] }).fields;
      if (!url.includes('user:')) expect(value?.value).not.toContain('href');
    }
    expect(actor({ url: 'https://elsewhere.example/@bob' }).url).toBeNull();
    expect(actor({ url: 'https://www.there.example/@bob' }).url).not.toBeNull();
    expect(() => actor({ inbox: 'https://victim.example/inbox' })).toThrow('no inbox');
    expect(
      actor({ endpoints: { sharedInbox: 'https://victim.example/' } }).sharedInboxUrl,
    ).toBeNull();
  });

  test('T65: a blurhash is one or is left out', () => {
    expect(readBlurhash('LEHV6nWB2yk8pyo0adR*.7kCMdnj')).not.toBe('');
    const bad = [
      '',
      'abc',
      'L'.repeat(10_000),
      'LEHV6nWB2yk8pyo0adR*.7kCMdn',
      '"EHV6nWB2yk8pyo0adR*.7kCMdnj',
    ];
    // Nine by nine components are a blurhash that nobody should have to draw.
    for (const text of [...bad, `|${'0'.repeat(165)}`, null, 7])
      expect(readBlurhash(text)).toBe('');
  });
});

describe('whatever comes', () => {
  const names = fc.constantFrom(
    ...['id', '@id', 'type', '@type', 'actor', 'object', 'to', 'cc', 'tag', 'attachment', 'url'],
    ...[
      'href',
      'name',
      'summary',
      'content',
      'contentMap',
      'attributedTo',
      'icon',
      'image',
      'inbox',
    ],
    ...['publicKey', 'endpoints', 'location', 'published', 'inReplyTo', 'oneOf', '@list', '@value'],
    ...['__proto__', 'constructor', 'prototype', '0', '1', 'language', 'focalPoint', 'blurhash'],
  );
  const texts = fc.constantFrom(
    ...['Note', 'Person', 'Create', 'Image', 'Question', 'Event', 'Video', 'Mention', 'Hashtag'],
    ...[
      AUTHOR,
      ID,
      PUBLIC,
      'as:Public',
      'bob',
      '2026-01-01',
      '\ud800',
      '<b>',
      '#tag',
      '',
      'http://',
    ],
  );
  const { tree } = fc.letrec<{ tree: unknown; list: unknown; object: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      texts,
      fc.string(),
      fc.double(),
      fc.constant(null),
      fc.boolean(),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('tree'), { maxLength: 4 }),
    object: fc.dictionary(fc.oneof(names, fc.string()), tie('tree'), {
      maxKeys: 8,
      noNullPrototype: true,
    }),
  }));
  const documents = fc.dictionary(names, tree, { maxKeys: 12, noNullPrototype: true });

  test('T78: the readers never throw, and nothing of it gets into other objects', () => {
    fc.assert(
      fc.property(documents, fc.boolean(), (document, plausible) => {
        const text = JSON.stringify(
          plausible ? { id: ID, type: 'Note', actor: AUTHOR, inbox: ID, ...document } : document,
        );
        let parsed: JsonObject;
        try {
          parsed = parseActivity(text);
        } catch (error) {
          expect(String(error)).toContain('AppError');
          return;
        }
        for (const read of [normaliseActivity, readNote, readActor]) {
          const answer: object = read(parsed);
          if ('problem' in answer) expect(answer.problem).toMatch(/^[A-Z].*\.$/);
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
        expect(({} as JsonObject).polluted).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });
});
