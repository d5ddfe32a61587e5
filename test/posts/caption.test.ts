import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { cleanText, foldTag, parseCaption, renderCaption } from '#domain/posts/caption.ts';

const known = new Set(['ann', 'bob_2']);
const html = (text: string) =>
  renderCaption(parseCaption(cleanText(text)), ({ username, domain }) =>
    domain === null && known.has(username.toLowerCase()) ? `/@${username.toLowerCase()}` : null,
  );
const kinds = (text: string, kind: string) =>
  parseCaption(text)
    .filter((part) => part.kind === kind)
    .map((part) => part.text);

describe('links', () => {
  test('a link is shown whole, with its host, and leads out without passing anything on', () => {
    expect(html('see https://example.org/a?b=1&c=2#d.')).toBe(
      '<p>see <a href="https://example.org/a?b=1&amp;c=2#d" rel="nofollow noopener noreferrer ugc">https://example.org/a?b=1&amp;c=2#d</a>.</p>',
    );
  });
  test('T71: no other scheme becomes a link', () => {
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      '//x.org/',
      'ftp://x.org',
    ]) {
      expect(html(text)).not.toContain('<a');
    }
  });
  test('T73: a homograph shows in the address as what it is', () => {
    expect(html('https://раураl.com/')).toContain('href="https://xn--');
  });
});

describe('hashtags', () => {
  test.each([
    ['#Sunset', ['#Sunset']],
    ['#日本 #été2024 #größe', ['#日本', '#été2024', '#größe']],
    ['#2024 #1', []],
    ['a#b /#c &#d ##e', []],
    ['(#one),#two.', ['#one', '#two']],
    ['https://x.org/#frag', []],
    [`#${'a'.repeat(101)}`, []],
  ])('in %j', (text, expected) => {
    expect(kinds(text, 'tag')).toEqual(expected);
  });
  test('spellings of one tag meet', () => {
    expect(foldTag('STRASSE')).toBe(foldTag('strasse'));
    expect(foldTag('Ａbc')).toBe('abc');
  });
});

describe('mentions', () => {
  test('names elsewhere may have dots and dashes, those here do not', () => {
    const found = kinds('@first.last@a.org, @x-y@b.org. @ann. and @ann-marie', 'mention');
    expect(found).toEqual(['@first.last@a.org', '@x-y@b.org', '@ann', '@ann']);
  });
  test('local people become links, others stay text', () => {
    expect(html('@ann and @Bob_2, not @carl nor @ann@example.org')).toBe(
      '<p><a href="/@ann" class="u-url mention">@ann</a> and <a href="/@bob_2" class="u-url mention">@Bob_2</a>, not @carl nor @ann@example.org</p>',
    );
  });
  test('an e-mail address mentions nobody', () => {
    expect(kinds('ann@example.org x@ann', 'mention')).toEqual([]);
  });
});

test('paragraphs and lines keep their shape', () => {
  expect(html('one\r\ntwo\n\n\nthree')).toBe('<p>one<br>two</p><p>three</p>');
  expect(html('  \n ')).toBe('');
});

const corpus = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '</p><a href="javascript:alert(1)">x</a>',
  'https://x.org/"onmouseover="alert(1)',
  "https://x.org/'onmouseover='alert(1)",
  'https://x.org/<script>',
  '#tag"onclick="x @ann"onclick="x',
  '&lt;script&gt; &amp; &#60;',
  'https://x.org/\u202egpj.exe',
  'a\u0000b\u0008c\ud800d',
];
const allowed =
  /<(?:p|\/p|br|\/a|a href="(?:https?:\/\/[^"<>]*|\/@[a-z0-9_]+|\/tags\/[^"<>/]*)" (?:rel="nofollow noopener noreferrer ugc"|class="mention hashtag" rel="tag"|class="u-url mention"))>/g;
const leftOver = (text: string) => /[<>]/.exec(html(text).replace(allowed, ''));

describe('T71 T72: nothing typed becomes markup', () => {
  test.each(corpus)('%j', (text) => expect(leftOver(text)).toBeNull());
  test('in any text at all', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...corpus, '<', '"', '#', '@', '\n'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        expect(leftOver(pieces.join(''))).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});

test('what is parsed is what was typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const cleaned = cleanText(text);
      expect(
        parseCaption(cleaned)
          .map((part) => part.text)
          .join(''),
      ).toBe(cleaned);
    }),
  );
});

test('T125: five thousand characters of the worst are read in a moment', () => {
  for (const unit of ['@a', '#a', 'https://', '@a@', 'http://a.', '(((', '#'.repeat(50), 'a.b@']) {
    const started = performance.now();
    html(unit.repeat(Math.ceil(5000 / unit.length)));
    expect(performance.now() - started).toBeLessThan(500);
  }
});
