const BLOCKS = new Set(['p']);
const INLINE = new Set(['a', 'span', 'strong', 'em', 'b', 'i', 'u', 'del', 'code']);
/** Text without anything to interpret, or one whole element's beginning or end. */
const PIECE =
  /([^<>&]+|&(?:amp|lt|gt|quot|#39);)|<(\/?)([a-z]+)((?: [a-z]+="[^"<>&]*(?:&amp;[^"<>&]*)*")*)( ?\/)?>/y;
const ATTRIBUTE = / ([a-z]+)="([^"]*)"/g;
const HARMLESS = new Set(['rel', 'target', 'translate', 'title', 'lang']);
const HREF =
  /^https?:\/\/[a-z0-9][a-z0-9.-]*(?::[0-9]+)?(?:\/[\w.~:/?#@!$()*+,;=%-]*(?:&amp;[\w.~:/?#@!$()*+,;=%-]*)*)?$/;
const CLASS = /^[a-z-]+(?: [a-z-]+)*$/;
const DEPTH = 8;

/**
 * Most posts are a few paragraphs with links, written without a mistake: those need no parser, since
 * they come out of the sanitiser's library as they went in but for attributes and entities. This gives
 * exactly what the library would give of such a text, and null for every text that is not as simple;
 * `classes` are kept, by element. A property test holds both ways together.
 */
export function readSimpleHtml(
  html: string,
  classes: Readonly<Record<string, readonly string[]>>,
): string | null {
  const open: string[] = [];
  let out = '';
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < html.length) {
    const [, text, slash, name = '', attributes = '', end] = PIECE.exec(html) ?? [];
    if (text !== undefined) {
      out += text === '&#39;' ? "'" : text === '&quot;' ? '"' : text;
    } else if (slash === undefined) return null;
    else if (slash === '/') {
      if (open.pop() !== name || attributes !== '' || end !== undefined) return null;
      out += `</${name}>`;
    } else if (name === 'br') {
      if (attributes !== '') return null;
      out += '<br />';
    } else {
      const kept =
        end === undefined && mayBegin(name, open) ? keep(name, attributes, classes) : null;
      if (kept === null) return null;
      open.push(name);
      out += `<${name}${kept}>`;
    }
  }
  return open.length === 0 ? out : null;
}

/** Paragraphs stand alone, nothing stands in itself. */
function mayBegin(name: string, open: readonly string[]): boolean {
  if (BLOCKS.has(name)) return open.length === 0;
  return INLINE.has(name) && open.length < DEPTH && (name === 'span' || !open.includes(name));
}

/** What is kept of an element's attributes; null if that is not plain to see. */
function keep(
  name: string,
  attributes: string,
  classes: Readonly<Record<string, readonly string[]>>,
): string | null {
  if (attributes === '') return '';
  let kept = '';
  const seen = new Set<string>();
  for (const [, key = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (seen.has(key)) return null;
    seen.add(key);
    if (key === 'href') {
      if (name !== 'a' || !HREF.test(value)) return null;
      kept += ` href="${value}"`;
    } else if (key === 'class') {
      if (!CLASS.test(value)) return null;
      const fit = value.split(' ').filter((each) => classes[name]?.includes(each));
      if (fit.length > 0) kept += ` class="${fit.join(' ')}"`;
    } else if (!HARMLESS.has(key)) return null;
  }
  return kept;
}
