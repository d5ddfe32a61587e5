import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadConfig } from '#base/config/load.ts';
import { configTable } from '#base/config/table.ts';
import { AppError } from '#base/core/errors.ts';
import { cleanText, parseCaption, renderCaption } from '#domain/posts/caption.ts';
import { adminSettings } from '#domain/settings.ts';
import { readBody } from '#doors/http/body.ts';
import { expandPairs } from '#doors/http/brackets.ts';
import { safeNext } from '#doors/http/links.ts';
import { readRange } from '#doors/http/ranges.ts';
import { tempDir } from '#test/harness/temp-dir.ts';

// Other tests run beside these, on two cores.
setDefaultTimeout(120_000);

const UNSAFE = ['__proto__', 'constructor', 'prototype'];

/** No object with a prototype, no name that means something to JavaScript, nothing cyclic. */
function expectPlain(value: unknown, depth = 0): void {
  expect(depth).toBeLessThan(50);
  if (Array.isArray(value)) {
    for (const item of value) expectPlain(item, depth + 1);
  } else if (typeof value === 'object' && value !== null) {
    expect(Object.getPrototypeOf(value)).toBeNull();
    for (const key of Reflect.ownKeys(value)) expect(UNSAFE).not.toContain(String(key));
    for (const inner of Object.values(value)) expectPlain(inner, depth + 1);
  }
}

const word = fc.oneof(
  fc.constantFrom('a', 'b', 'media_ids', '0', '1', '', 'toString', 'length', ...UNSAFE),
  fc.string({ maxLength: 4, unit: 'binary' }),
);
const fieldName = fc
  .tuple(word, fc.array(fc.tuple(word, fc.constantFrom(']', '', '[', ']]')), { maxLength: 5 }))
  .map(([first, rest]) => first + rest.map(([inner, end]) => `[${inner}${end}`).join(''));

describe('T78: whatever a form or a body says', () => {
  test('brackets make plain lists and objects, or a refusal', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fieldName, fc.string()), { maxLength: 12 }), (pairs) => {
        try {
          expectPlain(expandPairs(pairs));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
        }
        expect(({} as Record<string, unknown>).a).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });

  test('a body of any type is plain input or a refusal with a sentence, never another error', async () => {
    const types = fc.constantFrom(
      'application/json',
      'application/ld+json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=b',
      'multipart/form-data; boundary="',
      'multipart/form-data',
      'text/plain',
      '',
      'application/json; charset=utf-16',
    );
    const part = fc
      .tuple(fieldName, fc.string(), fc.constantFrom('\r\n', '\n', ''))
      .map(
        ([name, value, end]) =>
          `--b${end}content-disposition: form-data; name="${name}"${end}${end}${value}${end}`,
      );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc
        .array(fc.tuple(fieldName, fc.string()))
        .map((pairs) => pairs.map(([a, b]) => `${a}=${b}`).join('&')),
      fc.array(part).map((parts) => `${parts.join('')}--b--\r\n`),
      fc
        .array(word)
        .map((words) => `{${words.map((each) => `"${each}":{"__proto__":{"a":1}}`).join(',')}}`),
    );
    await fc.assert(
      fc.asyncProperty(types, text, text, async (type, body, query) => {
        const request = new Request(
          `http://localhost/x?${encodeURI(query.toWellFormed()).slice(0, 3000)}`,
          {
            method: 'POST',
            headers: { 'content-type': type },
            body,
          },
        );
        try {
          expectPlain(await readBody(request));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          expect(error.message).toMatch(/^[A-Z].*\.$/);
        }
        expect(({} as Record<string, unknown>).a).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });
});

describe('T69: whatever a Range header says', () => {
  test('the part lies within the file', () => {
    const header = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
      fc
        .array(fc.constantFrom('bytes', '=', '-', ',', '0', '1', '9', '99999999999999999999', ' '))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(header, fc.nat(200), (text, size) => {
        const range = readRange(text, size);
        if (range.kind !== 'part') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThan(size);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('T74: whatever the way back after signing in says', () => {
  test('a browser stays here', () => {
    const text = fc.oneof(
      fc.webUrl(),
      fc
        .array(
          fc.constantFrom(
            '/',
            '\\',
            '//',
            'http:',
            'evil.example',
            '@',
            '\t',
            '\n',
            '%2f',
            '%5c',
            '?',
            '#',
            '.',
            '..',
            ';',
            'javascript:',
            '\u2028',
            '\u00a0',
            '／',
          ),
          { maxLength: 8 },
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (next) => {
        const url = new URL(safeNext(next), 'https://here.example/sign-in');
        expect(url.origin).toBe('https://here.example');
      }),
      { numRuns: 5000 },
    );
  });
});

/** Everything between tags that a caption may have; what is left must be text without a bracket. */
const ALLOWED =
  /<\/?p>|<br>|<a href="(?:https?:\/\/|\/tags\/|\/@)[^"<>]*"(?: (?:rel|class)="[a-z\- ]+")*>|<\/a>/g;

describe('T71 T72 T73: whatever a caption says', () => {
  test('its HTML is paragraphs, breaks and links of ours, and its text is what was typed', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.constantFrom(
        '<script>',
        '"',
        "'",
        '&amp;',
        '<svg/onload=x>',
        'javascript:alert(1)',
        'http://',
        'https://a.b/"onx=',
        'https://a.b/<b>',
        'http://[::1]',
        'http://а.example',
        '#tag',
        '#<b>',
        '@ann',
        '@ann@evil.example',
        '\n',
        '\n\n\n',
        '\u202e',
        '\u200d',
        '&#x3c;',
        ']]>',
        '<!--',
        'http://a.b/\u2028',
        'http://user:pass@host',
        '#\u0301',
        '💚',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, apart) => {
        const typed = cleanText(pieces.join(apart ? ' ' : ''));
        const parts = parseCaption(typed);
        expect(parts.map((part) => part.text).join('')).toBe(typed);
        const html = renderCaption(parts, ({ domain }) => (domain === null ? '/@ann' : null));
        const rest = html.replace(ALLOWED, (tag) =>
          tag === '<br>' ? '\n' : tag === '<p>' ? '\n\n' : '',
        );
        expect(rest).not.toMatch(/[<>"]/);
        const shown = rest
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&#39;', "'")
          .replaceAll('&amp;', '&');
        expect(shown.replace(/\n+/g, '\n').trim()).toBe(typed.replace(/\n+/g, '\n').trim());
        for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) {
          const url = new URL(href.replaceAll('&amp;', '&'), 'https://here.example/');
          expect(['http:', 'https:']).toContain(url.protocol);
        }
        for (const [link] of html.matchAll(/<a href="https?:[^>]*>/g)) {
          expect(link).toContain('rel="nofollow noopener noreferrer ugc"');
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('T78: whatever flags, variables and the file say', () => {
  const data = join(tempDir(), 'config');
  mkdirSync(data);
  const keys = [...Object.keys(configTable), ...Object.keys(adminSettings)];
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer().map(String),
    fc.constantFrom(
      '-1',
      '1e999',
      '0x10',
      'on',
      'family',
      '[::]:0',
      '10.0.0.0/99',
      '100MB',
      '9e99 GB',
      'http://x/y',
      '∞',
    ),
  );
  const key = fc.oneof(
    fc.constantFrom(...keys, '__proto__', 'constructor', 'toString'),
    fc.string(),
  );
  test('it is a whole config or one error with every mistake, and no password is told', () => {
    const said = fc.array(fc.tuple(key, value), { maxLength: 6 });
    fc.assert(
      fc.property(said, said, said, fc.option(fc.string()), (flags, variables, lines, wild) => {
        const toml =
          wild ?? lines.map(([k, v]) => `${JSON.stringify(k)} = ${JSON.stringify(v)}`).join('\n');
        writeFileSync(join(data, 'tintype.toml'), toml);
        const named = flags.map(([k, v]) => [k.replaceAll(/[._]/g, '-'), v] as const);
        const env = variables.map(
          ([k, v]) => [`TINTYPE_${k.toUpperCase().replaceAll('.', '_')}`, v] as const,
        );
        const secret = 'a secret that nobody reads';
        try {
          const { config } = loadConfig({
            flags: { ...Object.fromEntries(named), data },
            env: { ...Object.fromEntries(env), TINTYPE_OWNER_PASSWORD: secret },
            adminKeys: adminSettings,
          });
          expect(Number.isSafeInteger(config.uploadMaxSize)).toBe(true);
          expect(config.listen.port).toBeLessThan(65_536);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          expect(Object.keys(error.fields).length).toBeGreaterThan(0);
          expect(JSON.stringify([error.message, error.fields])).not.toContain(secret);
        }
      }),
      { numRuns: 1500 },
    );
  });
});
