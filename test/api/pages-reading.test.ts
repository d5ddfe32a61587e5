import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { archivePost } from '#domain/posts/archive.ts';
import { editPost } from '#domain/posts/edit.ts';
import {
  createTestApp,
  type Person,
  type RequestOptions,
  type TestApp,
} from '#test/harness/app.ts';
import { blobsOf, photo, post } from '#test/posts/world.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  app = await createTestApp({ settings: { mode: 'community' }, config: { rates: false } });
  ann = await app.person('ann', 'owner');
  bob = await app.person('Bob');
});
afterAll(() => app.close());

async function page(path: string, options: RequestOptions = {}) {
  const response = await app.request(path, options);
  return { status: response.status, headers: response.headers, html: await response.text() };
}

describe('a stranger', () => {
  test('reads a post and each of its photos without a script', async () => {
    const ids = [photo(app.ctx, ann.viewer.id, 'A red boat'), photo(app.ctx, ann.viewer.id)];
    const made = post(app.ctx, ann.viewer, { caption: 'At the #harbour', mediaIds: ids });
    const { status, html, headers } = await page(`/@ann/${made.id}`);
    expect(status).toBe(200);
    expect(html).toContain('A red boat');
    expect(html).toContain('/tags/harbour');
    expect(html).not.toContain(`/@ann/${made.id}/comment`);
    expect(headers.get('cache-control')).toBe('public, no-cache');
    for (const [at, id] of ids.entries()) {
      const shown = await page(`/@ann/${made.id}/photo/${at + 1}`);
      expect(shown.html).toContain(blobsOf(app.ctx, id)[0] ?? 'no photo');
    }
    expect((await page(`/@ann/${made.id}/photo/3`)).status).toBe(404);
    expect((await page(`/@ann/${made.id}/photo/0`)).status).toBe(404);
  });

  test('gets a page from memory until something is written', async () => {
    const made = post(app.ctx, ann.viewer, { caption: 'before' });
    const path = `/@ann/${made.id}`;
    const first = await page(path);
    const etag = first.headers.get('etag') ?? '';
    expect((await page(path)).html).toBe(first.html);
    expect((await page(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    editPost(app.ctx, ann.viewer, made.id, { caption: 'after' });
    const later = await page(path, { headers: { 'if-none-match': etag } });
    expect([later.status, later.html.includes('after')]).toEqual([200, true]);
    archivePost(app.ctx, ann.viewer, made.id);
    expect((await page(path)).status).toBe(404);
  });

  test('T80: never gets the page of somebody who is signed in, nor they the stranger’s', async () => {
    const made = post(app.ctx, ann.viewer);
    const path = `/@ann/${made.id}`;
    const stranger = await page(path);
    const own = await page(path, { as: ann });
    expect(own.html).toContain(`${path}/edit`);
    expect(own.headers.get('etag')).toBeNull();
    expect((await page(path)).html).toBe(stranger.html);
  });

  test('finds one address for every profile and post', async () => {
    const made = post(app.ctx, bob.viewer);
    for (const [from, to] of [
      ['/@bob', '/@Bob'],
      ['/@BOB?max_id=9', '/@Bob?max_id=9'],
      ['/@bob.atom', '/@Bob.atom'],
      [`/@bob/${made.id}`, `/@Bob/${made.id}`],
      [`/@bob/${made.id}/photo/1`, `/@Bob/${made.id}/photo/1`],
      ['/users/bob', '/@Bob'],
      [`/users/bob/posts/${made.id}`, `/@Bob/${made.id}`],
    ] as const) {
      const { status, headers } = await page(from);
      expect([from, status, headers.get('location')]).toEqual([from, 301, to]);
    }
    expect((await page(`/@ann/${made.id}`)).status).toBe(404);
    expect((await page('/@nobody')).status).toBe(404);
    expect((await page('/@nobody.atom')).status).toBe(404);
  });

  test('turns the pages of a profile and finds the end', async () => {
    const many = await app.person('many');
    const ids = Array.from({ length: 30 }, () => post(app.ctx, many.viewer).id).reverse();
    const first = await page('/@many');
    expect(first.html).toContain(`/@many?max_id=${ids[23]}`);
    expect(first.html).not.toContain('min_id=');
    const second = await page(`/@many?max_id=${ids[23]}`);
    expect(second.html).toContain(`/@many/${ids[29]}`);
    expect(second.html).toContain(`min_id=${ids[24]}`);
    expect(second.html).not.toContain('max_id=');
    expect((await page(`/@many?min_id=${ids[24]}`)).html).toContain(`/@many/${ids[0]}`);
  });

  test('sees who is here at the front door of a community', async () => {
    const made = post(app.ctx, ann.viewer);
    expect((await page('/')).html).toContain(`/@ann/${made.id}`);
    expect((await page('/about')).html).toContain('ann');
  });
});

test('a solo instance shows its owner to strangers, and home to the owner', async () => {
  const solo = await createTestApp({ settings: { mode: 'solo' } });
  const eve = await solo.person('eve', 'owner');
  const made = post(solo.ctx, eve.viewer);
  const front = await (await solo.request('/')).text();
  expect(front).toContain('@eve');
  expect(front).toContain(`/@eve/${made.id}`);
  expect(await (await solo.request('/', { as: eve })).text()).toContain(`/@eve/${made.id}`);
  await solo.close();
});

describe('T85: feeds and link previews', () => {
  test('have every photo of a public post', async () => {
    const ids = [photo(app.ctx, ann.viewer.id, 'One & "two"'), photo(app.ctx, ann.viewer.id)];
    const made = post(app.ctx, ann.viewer, {
      caption: 'Feed <me>',
      mediaIds: ids,
      licence: 'cc-by-4.0',
    });
    const feed = await page('/@ann.atom');
    expect(feed.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    const entry = feed.html.split('<entry>').find((each) => each.includes(String(made.id))) ?? '';
    expect(entry.match(/rel="enclosure"/g)).toHaveLength(2);
    expect(entry).toContain('title="One &amp; &quot;two&quot;"');
    expect(entry).toContain('creativecommons.org/licenses/by/4.0');
    const { html } = await page(`/@ann/${made.id}`);
    expect(html).toMatch(/property="og:image"/);
  });

  test('tell nothing of what is not public', async () => {
    const hidden = (['unlisted', 'followers', 'self'] as const).map((visibility) =>
      post(app.ctx, ann.viewer, { visibility, caption: `secret ${visibility}` }),
    );
    const archived = post(app.ctx, ann.viewer, { caption: 'secret archived' });
    archivePost(app.ctx, ann.viewer, archived.id);
    for (const options of [{}, { as: ann }]) {
      const { html } = await page('/@ann.atom', options);
      expect(html).not.toContain('secret');
      for (const each of [...hidden, archived]) expect(html).not.toContain(String(each.id));
    }
    const own = await page(`/@ann/${hidden[1]?.id}`, { as: ann });
    expect(own.status).toBe(200);
    expect(own.html).not.toContain('og:image');
    expect(own.html).toContain('noindex');
  });

  test('show a warning and never what is behind it', async () => {
    const mediaId = photo(app.ctx, ann.viewer.id, 'the hidden thing');
    const made = post(app.ctx, ann.viewer, {
      caption: 'the hidden words',
      spoiler: 'Spiders',
      mediaIds: [mediaId],
    });
    const { html: feed } = await page('/@ann.atom');
    const entry = feed.split('<entry>').find((each) => each.includes(String(made.id))) ?? '';
    expect(entry).toContain('Spiders');
    for (const secret of ['the hidden', ...blobsOf(app.ctx, mediaId)])
      expect(entry).not.toContain(secret);
    const { html } = await page(`/@ann/${made.id}`);
    const head = html.slice(0, html.indexOf('</head>'));
    expect(head).toContain('Spiders');
    for (const secret of ['the hidden', ...blobsOf(app.ctx, mediaId)])
      expect(head).not.toContain(secret);
  });

  test('end when the person does not want a feed', async () => {
    app.ctx.db
      .query('UPDATE preferences SET show_feed = 0 WHERE account_id = $id')
      .run({ id: bob.viewer.id });
    expect((await page('/@Bob.atom')).status).toBe(404);
    expect((await page('/@Bob')).html).not.toContain('.atom');
  });
});
