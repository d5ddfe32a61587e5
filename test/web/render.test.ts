import { describe, expect, test } from 'bun:test';
import { renderPage } from '#doors/render/page.tsx';
import type { PageContent } from '#doors/render/page-content.ts';
import {
  emptyForm,
  sampleAccount,
  sampleLimits,
  samplePhoto,
  samplePost,
  sampleShell,
  sampleStorage,
  sampleViewer,
} from './samples.ts';

/** Text that would run as a script wherever it is not escaped. */
const corpus = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title><svg onload=alert(1)>',
  '</script><script>alert(1)</script>',
  '<!--<script>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  'javascript:alert(1)',
  '\u2028alert(1)\u2029',
];

const form = (text: string) => ({
  values: new Proxy({}, { get: () => text }) as Record<string, string>,
  errors: new Proxy({}, { get: () => text }) as Record<string, string>,
  problem: text,
});

/** Every page, with the same hostile text in every field that a person can fill. */
function hostilePages(text: string): PageContent[] {
  const account = sampleAccount({
    display_name: text,
    website: text,
    location: text,
    pronouns: [text],
    fields: [{ name: text, value: '', verified_at: null }],
  });
  const photo = samplePhoto({ description: text, blurhash: text });
  const post = samplePost({
    account,
    content: '',
    content_text: text,
    spoiler_text: text,
    place: { id: '1', slug: '', name: text, country: '' },
    media_attachments: [
      {
        ...photo,
        tintype: { ...photo.tintype, camera: [{ label: text, value: text }] },
      },
      photo,
    ],
    tintype: {
      visibility: 'public',
      archived: false,
      edits: 1,
      license: { id: 1, title: text, url: text },
    },
  });
  const row = {
    id: '1',
    username: 'mara',
    displayName: text,
    email: text,
    role: 'member' as const,
    state: 'active' as const,
    createdAt: '2026-01-01T00:00:00.000Z',
    posts: 1,
    storage: sampleStorage,
  };
  const list = { posts: [post], newer: null, older: null };
  const limits = sampleLimits;
  const settings = {
    storage: sampleStorage,
    limits,
    sessions: [{ id: '1', createdAt: '', lastSeenAt: '', device: text, current: false }],
    tokens: [{ id: '1', name: text, scopes: text, createdAt: '', lastUsedAt: null }],
    archived: [post],
    form: form(text),
    deletionAt: null,
  };
  const title = text;
  return [
    { page: 'home', title, props: { ...list, everybody: [post], heading: text } },
    {
      page: 'profile',
      title,
      head: {
        description: text,
        feed: { url: '/f', title: text },
        image: { url: '/i', alt: text },
      },
      props: {
        ...list,
        profile: account,
        own: false,
        following: null,
        shape: 'natural',
        feedUrl: null,
      },
    },
    {
      page: 'post',
      title,
      props: {
        post,
        comments: [post],
        own: true,
        originals: { [photo.id]: '/media/x.jpg' },
        canComment: true,
        newerUrl: null,
        olderUrl: null,
      },
    },
    {
      page: 'history',
      title,
      props: { post, versions: [{ at: '', captionHtml: '', spoiler: text, altTexts: [text] }] },
    },
    { page: 'viewer', title, props: { post, index: 1, covered: false } },
    { page: 'viewer', title, props: { post, index: 1, covered: true } },
    { page: 'compose', title, props: { limits, storage: sampleStorage, form: form(text) } },
    { page: 'edit', title, props: { post, limits, form: form(text) } },
    { page: 'setup', title, props: { code: text, codeOk: true, form: form(text) } },
    { page: 'signin', title, props: { next: text, form: form(text) } },
    {
      page: 'join',
      title,
      props: { invite: text, inviter: text, rules: [text], form: form(text) },
    },
    { page: 'reset', title, props: { token: text, username: text, form: form(text) } },
    { page: 'settings', title, props: { ...settings, section: 'profile' } },
    { page: 'settings', title, props: { ...settings, section: 'posting' } },
    { page: 'settings', title, props: { ...settings, section: 'storage' } },
    { page: 'settings', title, props: { ...settings, section: 'security' } },
    { page: 'settings', title, props: { ...settings, section: 'account' } },
    {
      page: 'admin',
      title,
      props: { section: 'accounts', accounts: [row], resetLink: text, form: form(text) },
    },
    {
      page: 'admin',
      title,
      props: {
        section: 'invites',
        open: true,
        invites: [{ id: '1', note: text, usesLeft: 1, expiresAt: null, createdBy: text }],
        newLink: text,
        form: form(text),
      },
    },
    { page: 'help', title, props: {} },
    { page: 'about', title, props: { accounts: 1, posts: 1, contact: account, rules: [text] } },
    { page: 'problem', title, props: { status: 404, title: text, sentence: text } },
  ];
}

/** Names of the elements and attributes that a document really has, as a parser sees them. */
async function parse(html: string) {
  const found = { scripts: [] as string[], hrefs: [] as string[], handlers: [] as string[] };
  const rewriter = new HTMLRewriter().on('*', {
    element(element) {
      if (element.tagName === 'script') {
        found.scripts.push(element.getAttribute('src') ?? element.getAttribute('type') ?? '');
      }
      for (const [name, value] of element.attributes) {
        if (name.startsWith('on') || name === 'style') found.handlers.push(name);
        if (/^(href|src|action|formaction)$/.test(name)) found.hrefs.push(value);
      }
    },
  });
  await rewriter.transform(new Response(html)).text();
  return found;
}

describe('T71: no text that a person wrote becomes markup', () => {
  const shell = sampleShell({ viewer: sampleViewer(), notice: { kind: 'done', text: '<b>' } });
  for (const text of corpus) {
    test(`T71: ${JSON.stringify(text)} in every field of every page`, async () => {
      for (const content of hostilePages(text)) {
        const html = renderPage(shell, content);
        const { scripts, hrefs, handlers } = await parse(html);
        expect(handlers).toEqual([]);
        for (const script of scripts) {
          expect(script).toMatch(/^(\/assets\/islands\/[a-z]+\.js|application\/json)$/);
        }
        for (const href of hrefs) expect(href.trim().toLowerCase()).not.toStartWith('javascript:');
        expect(html).not.toContain('<img src=x');
        expect(html).not.toContain('<svg onload');
        expect(html).not.toContain('<script>alert');
      }
    });
  }

  test('T71: data for an island can neither end its block nor lose its text', async () => {
    const text = '</script><script>alert(1)</script>\u2028';
    const html = renderPage(shell, {
      page: 'compose',
      title: 'New post',
      props: {
        limits: sampleLimits,
        storage: sampleStorage,
        form: { ...emptyForm, values: { caption: text } },
      },
    });
    const block = /<script type="application\/json" id="compose-data">(.*?)<\/script>/.exec(html);
    expect(JSON.parse(block?.[1] ?? '').form.values.caption).toBe(text);
  });
});

describe('every page', () => {
  const pages = hostilePages('x');

  test('keeps to a content policy without inline scripts or styles', async () => {
    for (const content of pages) {
      const { handlers } = await parse(renderPage(sampleShell(), content));
      expect(handlers).toEqual([]);
    }
  });

  test('has a language, one main part, one first heading and unique ids', () => {
    for (const content of pages) {
      const html = renderPage(sampleShell({ viewer: sampleViewer() }), content);
      expect(html).toStartWith('<!doctype html><html lang="en"');
      expect(html.match(/<main[ >]/g)).toHaveLength(1);
      expect(html.match(/<h1[ >]/g)).toHaveLength(1);
      const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  test('T75: carries the csrf token in every form of somebody who is signed in', () => {
    const open = ['setup', 'signin', 'join', 'reset'];
    for (const content of pages.filter(({ page }) => !open.includes(page))) {
      const html = renderPage(sampleShell({ viewer: sampleViewer() }), content);
      const forms = html.match(/<form /g) ?? [];
      const tokens = html.match(/<form [^>]*><input type="hidden" name="csrf" value="csrf-token"/g);
      expect(tokens ?? []).toHaveLength(forms.length);
    }
  });

  test('stays out of search engines unless it says what it is', () => {
    const about: PageContent = {
      page: 'about',
      title: 'About',
      props: { accounts: 1, posts: 1, contact: null, rules: [] },
    };
    expect(renderPage(sampleShell(), about)).toContain('content="noindex');
    const open = renderPage(sampleShell(), {
      ...about,
      head: { canonical: 'http://localhost/about', feed: { url: '/a.atom', title: 'A' } },
    });
    expect(open).not.toContain('noindex');
    expect(open).toContain('<link rel="alternate" type="application/atom+xml" href="/a.atom"');
    expect(open).toContain('property="og:title"');
  });

  test('takes the colours that the person chose', () => {
    const html = renderPage(sampleShell({ theme: 'dark' }), pages[0] as PageContent);
    expect(html).toContain('data-theme="dark"');
  });
});

describe('a photo', () => {
  const home = (over: Parameters<typeof samplePost>[0]) =>
    renderPage(sampleShell(), {
      page: 'home',
      title: 'Home',
      props: { posts: [samplePost(over)], everybody: [], heading: null, newer: null, older: null },
    });

  test('brings its shape, its sizes, its description and its colours', () => {
    const html = home({});
    expect(html).toContain('width="2048" height="1536"');
    expect(html).toContain('/media/small.webp 480w, /media/medium.webp 1080w');
    expect(html).toContain('alt="A lighthouse in fog"');
    expect(html).toContain('data:image/bmp;base64,');
  });

  test('without a description is named after its author, never silent', () => {
    const html = home({ media_attachments: [samplePhoto({ description: null })] });
    expect(html).toContain('alt="Photo by Mara Lindqvist, not described"');
  });

  test('behind a warning is not loaded and not in the grid', () => {
    const html = home({ spoiler_text: 'Fog' });
    expect(html.indexOf('<details class="cover"')).toBeLessThan(html.indexOf('<img'));
    expect(html).toContain('loading="lazy"');
    const grid = renderPage(sampleShell(), {
      page: 'profile',
      title: 'Mara',
      props: {
        posts: [samplePost({ spoiler_text: 'Fog' })],
        newer: null,
        older: null,
        profile: sampleAccount(),
        own: false,
        following: null,
        shape: 'square',
        feedUrl: null,
      },
    });
    expect(grid).not.toContain('/media/medium.webp');
  });
});
