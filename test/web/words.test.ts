import { describe, expect, test } from 'bun:test';
import { decode, encode } from 'blurhash';
import { readAnswer } from '#web/client/api.ts';
import { blurhashPicture } from '#web/client/blurhash.ts';
import { bytesText } from '#web/client/bytes.ts';
import { captionLength, captionTags } from '#web/client/caption.ts';
import { agoText } from '#web/client/recent-times.ts';
import { shapeClass } from '#web/client/shape.ts';

test('a caption is counted as people count it, and its hashtags are found once', () => {
  expect(captionLength('é👋🏽a')).toBe(4);
  expect(captionTags('#Coast and #coast, (#Ölandsbrücke) a#b #123 #1a &#39; /#x')).toEqual([
    'Coast',
    'Ölandsbrücke',
    '1a',
  ]);
});

test('sizes are written as people read them', () => {
  expect(bytesText(0)).toBe('0 bytes');
  expect(bytesText(999)).toBe('999 bytes');
  expect(bytesText(3_400_000_000)).toBe('3.4 GB');
  expect(bytesText(100_000_000)).toBe('100 MB');
  expect(bytesText(999_700)).toBe('1 MB');
});

test('recent times are told as people tell them, old ones by their date', () => {
  expect(agoText(20_000)).toBe('just now');
  expect(agoText(60_000)).toBe('1 minute ago');
  expect(agoText(3 * 3_600_000)).toBe('3 hours ago');
  expect(agoText(6 * 86_400_000)).toBe('6 days ago');
  expect(agoText(8 * 86_400_000)).toBeNull();
  expect(agoText(-5000)).toBeNull();
});

test('the nearest drawn shape is taken, within its bounds', () => {
  expect(shapeClass(4 / 3)).toBe('shape-133');
  expect(shapeClass(0.2)).toBe('shape-50');
  expect(shapeClass(0.2, 0.8)).toBe('shape-80');
  expect(shapeClass(Number.NaN)).toBe('shape-100');
});

describe('a blurhash', () => {
  test('becomes a tiny bitmap with the colours that it stands for', () => {
    const sunset = new Uint8ClampedArray(32 * 32 * 4).map((_, at) => {
      const [x, y] = [Math.floor(at / 4) % 32, Math.floor(at / 128)];
      return [250 - y * 4, 90 + x * 3, 40 + y * 5, 255][at % 4] ?? 0;
    });
    const hash = encode(sunset, 32, 32, 4, 3);
    const picture = blurhashPicture(hash) ?? '';
    expect(picture).toStartWith('data:image/bmp;base64,');
    const bytes = Buffer.from(picture.split(',')[1] ?? '', 'base64');
    expect(bytes.length).toBe(54 + 8 * 6 * 3);
    const fine = decode(hash, 80, 60);
    for (let y = 0; y < 6; y++) {
      for (let x = 0; x < 8; x++) {
        // Rows of a bitmap go up, its colours backwards.
        const own = 54 + ((5 - y) * 8 + x) * 3;
        const theirs = ((y * 10 + 5) * 80 + x * 10 + 5) * 4;
        for (const channel of [0, 1, 2]) {
          const off = (bytes[own + 2 - channel] ?? 0) - (fine[theirs + channel] ?? 0);
          expect(Math.abs(off)).toBeLessThanOrEqual(2);
        }
      }
    }
  });

  test('that is none is left out', () => {
    for (const text of [null, '', 'abc', '"><script>', 'L'.repeat(27), '~'.repeat(6)]) {
      expect(blurhashPicture(text)).toBeNull();
    }
  });
});

describe('an answer of the API', () => {
  test('carries the server’s sentence when it refuses', () => {
    expect(readAnswer(413, '{"error":"This file is larger than 100 MB."}')).toEqual({
      ok: false,
      status: 413,
      sentence: 'This file is larger than 100 MB.',
      again: false,
    });
  });

  test('is understood even when it is no JSON', () => {
    expect(readAnswer(502, '<html>')).toMatchObject({ ok: false, again: true });
    expect(readAnswer(200, '')).toMatchObject({ ok: false });
    expect(readAnswer(200, '{"id":"1"}')).toEqual({ ok: true, status: 200, data: { id: '1' } });
  });
});

test('every shape that is given out is drawn in the styles', async () => {
  const styles = await Bun.file(new URL('../../web/styles/shapes.css', import.meta.url)).text();
  for (let ratio = 0.4; ratio < 2.6; ratio += 0.01) {
    expect(styles).toContain(`.${shapeClass(ratio)} {`);
  }
});
