import { describe, expect, test } from 'bun:test';
import { renderPage } from '#doors/render/page.tsx';
import type { PageContent } from '#doors/render/page-content.ts';
import { hostilePages } from './hostile-pages.ts';
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
        movedTo: null,
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
      const forms = html.match(/<form method="post"/g) ?? [];
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
      props: {
        posts: [samplePost(over)],
        everybody: [],
        heading: null,
        tab: 'home' as const,
        tag: null,
        federating: true,
        newer: null,
        older: null,
      },
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
        follower: 'none',
        movedTo: null,
        remoteFollow: false,
        suspended: null,
        ...{ muting: false, blocking: false },
      },
    });
    expect(grid).not.toContain('/media/medium.webp');
  });
});
