import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { archivePost } from '#domain/posts/archive.ts';
import { visibilities } from '#domain/posts/visibility.ts';
import { urls } from '#doors/http/links.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { blobsOf, photo, post } from '#test/posts/world.ts';

/** A post, and what of it no preview may have. */
type Made = { id: number; secrets: string[]; title: string };

let app: TestApp;
let ann: Person;
const made: Made[] = [];

beforeAll(async () => {
  app = await createTestApp({ settings: { mode: 'community' }, config: { rates: false } });
  ann = await app.person('ann', 'owner');
  await app.person('ben');
  for (const visibility of visibilities) {
    made.push(write(visibility, { visibility }, visibility !== 'public'));
    made.push(write(`${visibility}-covered`, { visibility, spoiler: 'Spiders' }, true));
    made.push(write(`${visibility}-sensitive`, { visibility, sensitive: true }, true));
  }
  const old = write('archived', {}, true);
  archivePost(app.ctx, ann.viewer, old.id);
  made.push(old);
});
afterAll(() => app.close());

function write(title: string, input: object, hidden: boolean): Made {
  const name = title.replaceAll('-', '');
  const mediaId = photo(app.ctx, ann.viewer.id, `alt${name}`);
  const { id } = post(app.ctx, ann.viewer, {
    caption: `words${name} @ben`,
    mediaIds: [mediaId],
    ...input,
  });
  const pictures = [...blobsOf(app.ctx, mediaId), `alt${name}`];
  // An open post that is only marked as sensitive keeps its words.
  const words = /^(public|unlisted)-sensitive$/.test(title) ? [] : [`words${name}`];
  return { id, title, secrets: hidden ? [...words, ...pictures] : [] };
}

/** What programs of others fetch to show a post elsewhere, without a cookie or a token. */
function previews(id: number): string[] {
  const page = `${urls(app.ctx).origin}/@ann/${id}`;
  return [
    `/@ann/${id}`,
    `/users/ann/posts/${id}`,
    `/api/oembed?url=${encodeURIComponent(page)}`,
    `/api/oembed?url=${encodeURIComponent(page)}&maxwidth=200&format=json`,
    `/api/v1/statuses/${id}/card`,
  ];
}

const LISTS = ['/@ann.atom', '/@ann', '/explore', '/local', '/', '/tags/none', '/about'];
/** Programs that make previews. */
const AGENTS = ['', 'Twitterbot/1.0', 'facebookexternalhit/1.1', 'Mastodon/4.3.0 (http.rb)'];

/** A page keeps what is behind a warning for whoever opens it there; its head and its feeds do not. */
function previewed(path: string, text: string): string {
  const end = text.indexOf('</head>');
  return end === -1 || path.endsWith('.atom') ? text : text.slice(0, end);
}

describe('T85: what others show of a post without having been let in', () => {
  test('T85: has no photo, alt text or word of what is closed or behind a warning', async () => {
    const leaks: string[] = [];
    for (const { id, secrets, title } of made) {
      for (const agent of AGENTS) {
        for (const path of [...previews(id), ...LISTS]) {
          const answer = await app.request(path, { headers: { 'user-agent': agent } });
          const text = previewed(path, await answer.text());
          for (const secret of secrets) {
            // What is open and only unlisted may be quoted by whoever has its address.
            const quoted = title === 'unlisted' && path.includes(String(id));
            if (!quoted && text.includes(secret)) leaks.push(`${title} ${path}: ${secret}`);
          }
        }
      }
    }
    expect(leaks).toEqual([]);
  });

  test('T85: the same for whoever is signed in: a preview is never made for somebody', async () => {
    for (const { id, secrets, title } of made) {
      for (const guise of [{ as: ann }, { token: ann.token }]) {
        const [page = '', , embed = ''] = previews(id);
        for (const path of [page, embed, '/@ann.atom']) {
          const head = previewed(path, await (await app.request(path, guise)).text());
          // The title is the one that their own window bears.
          const text = head.replace(/<title>.*?<\/title>/s, '');
          for (const secret of secrets) {
            if (title === 'unlisted' && path.includes(String(id))) continue;
            expect([title, path, text.includes(secret)]).toEqual([title, path, false]);
          }
        }
      }
    }
  });

  test('T85: a family has no previews at all', async () => {
    const family = await createTestApp({ settings: { mode: 'family' } });
    const eve = await family.person('eve', 'owner');
    const { id } = post(family.ctx, eve.viewer, { caption: 'ourwords', visibility: 'public' });
    const page = `${urls(family.ctx).origin}/@eve/${id}`;
    for (const path of [
      `/@eve/${id}`,
      '/@eve.atom',
      `/api/oembed?url=${encodeURIComponent(page)}`,
      `/users/eve/posts/${id}`,
    ]) {
      const text = await (await family.request(path)).text();
      expect([path, text.includes('ourwords'), text.includes('/media/')]).toEqual([
        path,
        false,
        false,
      ]);
    }
    await family.close();
  });
});
