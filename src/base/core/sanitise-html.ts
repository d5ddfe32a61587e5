import sanitize from 'sanitize-html';
import { linkHtml, readHref } from './link-text.ts';
import { readSimpleHtml } from './simple-html.ts';

/** Characters that are read of one text and, about, written of it. */
const MOST = 60_000;
const MOST_TAGS = 1500;
const MOST_LINKS = 300;
const DEPTH = 30;

const BLOCKS = new Set(['p', 'pre', 'blockquote', 'ul', 'ol', 'li']);
const INLINE = ['a', 'span', 'del', 'code', 'em', 'strong', 'b', 'i', 'u', 'sub', 'sup'];
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  a: ['mention', 'hashtag', 'u-url'],
  span: ['h-card'],
};
/** Elements of other servers that stand for one of ours. */
const INSTEAD = { s: 'del', strike: 'del', ins: 'u', tt: 'code', kbd: 'code', div: 'p', tr: 'p' };
const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'dt', 'dd', 'section', 'article', 'figure'];

const options: sanitize.IOptions = {
  allowedTags: [...BLOCKS, ...INLINE, 'br'],
  allowedAttributes: { a: ['href', 'class'], span: ['class'] },
  allowedClasses: { a: [...(CLASSES.a ?? [])], span: [...(CLASSES.span ?? [])] },
  allowedSchemes: ['http', 'https'],
  allowProtocolRelative: false,
  // What these hold is not for reading.
  nonTextTags: [
    ...['script', 'style', 'textarea', 'option', 'noscript', 'xmp', 'title', 'template', 'iframe'],
    ...['svg', 'math', 'object', 'embed', 'noembed', 'noframes', 'plaintext', 'select', 'head'],
  ],
  nestingLimit: DEPTH,
  transformTags: {
    ...INSTEAD,
    ...Object.fromEntries(HEADINGS.map((name) => [name, 'p'])),
    // A custom emoji, or a picture in an article: its words stay.
    img: (_, { alt = '' }) => ({ tagName: 'span', attribs: {}, text: alt.slice(0, 1500) }),
  },
};

/**
 * HTML of another server as it may be stored and shown: the few elements of federation.md §2.1,
 * links to http(s) alone with a `rel` of ours and a text that does not lie (T71-T74). Everything is
 * written anew from what was understood; too long a text is cut. Takes a few milliseconds at most.
 */
export function sanitiseHtml(html: string): string {
  const read = html
    .slice(0, endOf(html))
    .toWellFormed()
    // Control characters, and those that turn the direction of text over its neighbours.
    .replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, '');
  if (!/[<&]/.test(read)) return read.replaceAll('>', '&gt;').replaceAll('"', '&quot;').trim();
  const clean = readSimpleHtml(read, CLASSES) ?? sanitize(read, options);
  const writer = createWriter();
  for (const [, text, close, name, attributes] of clean.matchAll(TOKEN)) {
    if (text !== undefined) writer.text(text);
    else if (name === undefined) continue;
    else if (close !== '') writer.close(name);
    else writer.open(name, attributes ?? '');
  }
  return writer.end();
}

/** Where a text is cut: only so many characters and elements are read. */
function endOf(html: string): number {
  let at = -1;
  for (let tags = 0; tags < MOST_TAGS; tags += 1) {
    at = html.indexOf('<', at + 1);
    if (at === -1 || at > MOST) return MOST;
  }
  return at;
}

/** The words of clean HTML (`sanitiseHtml`), with a line for each line and an empty one between paragraphs. */
export function textOfHtml(html: string): string {
  const text = html
    .replace(/<br>/g, '\n')
    .replace(/<li>/g, '\n- ')
    .replace(/<\/(?:p|pre|blockquote|ul|ol)>/g, '\n\n')
    .replace(/<[^>]*>/g, '');
  return decode(text)
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

// The library escapes every bracket that is not its own, so this much grammar is enough.
const TOKEN = /([^<]+)|<(\/?)([a-z]+)([^>]*)>/g;

type Element = { name: string; at: number; textAt: number; url: URL | null; classes: string };

/** Writes elements so that a browser reads them as they were meant: none left open, no block in a line, no link in a link. */
function createWriter() {
  const out: string[] = [];
  const texts: string[] = [];
  const stack: Element[] = [];
  let size = 0;
  let links = 0;
  const put = (piece: string) => {
    out.push(piece);
    size += piece.length;
  };
  const closeTop = () => {
    const element = stack.pop();
    if (!element) return;
    const inner = out.splice(element.at + 1).join('');
    const opening = out.pop() ?? '';
    const text = decode(texts.slice(element.textAt).join(''));
    if (element.name === 'a') {
      const shown = element.url && text.trim() !== '';
      out.push(shown && element.url ? linkHtml(element.url, element.classes, inner, text) : inner);
    } else if (inner !== '') out.push(`${opening}${inner}</${element.name}>`);
  };
  const closeUntil = (name: string) => {
    if (!stack.some((element) => element.name === name)) return;
    while (stack.at(-1)?.name !== name) closeTop();
    closeTop();
  };
  return {
    text(text: string) {
      if (size > MOST) return;
      put(text.replaceAll('"', '&quot;'));
      texts.push(text);
    },
    open(name: string, attributes: string) {
      if (size > MOST) return;
      if (name === 'br') return put('<br>');
      if (BLOCKS.has(name)) closeUntil('p');
      if (name === 'a') closeUntil('a');
      const classes = attribute(attributes, 'class');
      const url =
        name === 'a' && links < MOST_LINKS ? readHref(attribute(attributes, 'href')) : null;
      if (name === 'a') links += 1;
      stack.push({ name, at: out.length, textAt: texts.length, url, classes });
      put(name === 'a' || classes === '' ? `<${name}>` : `<${name} class="${classes}">`);
    },
    close: closeUntil,
    end() {
      while (stack.length > 0) closeTop();
      return out.join('').trim();
    },
  };
}

function attribute(attributes: string, name: string): string {
  return decode(new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
}

function decode(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
