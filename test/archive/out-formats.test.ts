import { expect, test } from 'bun:test';
import {
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { csvLine } from '#doors/archive/csv-out.ts';
import { type ArchivedPhoto, photoName } from '#doors/archive/format.ts';
import { sidecarXmp } from '#doors/archive/sidecar.ts';
import {
  directoryHeader,
  endRecords,
  localHeader,
  type ZipEntry,
} from '#doors/archive/zip-records.ts';
import { createZip } from '#doors/archive/zip-writer.ts';
import { layOut, rowOf, rowsBetween } from '#web/gallery/layout.ts';
import { findItems, listItems } from '#web/gallery/search.ts';
import type { GalleryPost } from '#web/gallery/types.ts';
import { readZip, runProgram } from './world.ts';

const photo: ArchivedPhoto = {
  ...{ id: '1', original: null, renditions: [], width: 4, height: 3, focus: { x: 0, y: 0 } },
  ...{ alt: 'A <cat> & a "dog"', takenAt: '2024-05-06T07:08:09', edits: null, blurhash: '' },
  camera: {
    make: 'NIKON',
    model: 'D70',
    aperture: 2.8,
    exposure: 0.004,
    focalLength: 50,
    iso: 200,
  },
};
const post = {
  ...{ url: 'https://a.example/@ann/1', createdAt: '2024-05-07T00:00:00.000Z', place: 'Köln' },
  ...{ caption: 'x ]]> \u0000\u000b\ud800 🍮', contentWarning: '', licence: 'cc-by-4.0' },
  ...{ tags: ['light', 'a&b'], visibility: 'public' as const },
};

test('a sidecar is well-formed XML whatever somebody wrote', async () => {
  const xmp = sidecarXmp(photo, post, { name: 'Ann', url: 'https://a.example/@ann' });
  expect(xmp).toContain('x ]]&gt; \uFFFD\uFFFD\uFFFD 🍮');
  expect(xmp).toContain('A &lt;cat&gt; &amp; a &quot;dog&quot;');
  expect(xmp).toContain('<exif:ExposureTime>1/250</exif:ExposureTime>');
  expect(xmp).toContain('<exif:FNumber>2800/1000</exif:FNumber>');
  expect(xmp).toContain('creativecommons.org/licenses/by/4.0/');
  const place = mkdtempSync(join(tmpdir(), 'tintype-xmp-'));
  await Bun.write(join(place, 'a.xmp'), xmp);
  const script = 'import sys,xml.dom.minidom as m;m.parse(sys.argv[1])';
  const parsed = await runProgram(['python3', '-c', script, join(place, 'a.xmp')]);
  rmSync(place, { recursive: true });
  expect(parsed.code <= 0 ? '' : parsed.output).toBe('');
});

test('a line of a list is quoted where it must be', () => {
  expect(csvLine(['ann@a.example', true, false, ''])).toBe('ann@a.example,true,false,\n');
  expect(csvLine(['People, "mine"', 'x@y'])).toBe('"People, ""mine""",x@y\n');
});

test('photos are named by day, post and place in it', () => {
  expect(photoName(Date.UTC(2024, 4, 6, 23, 59), 115, 2)).toBe('2024-05-06-115-2');
});

test('a ZIP of more than 65,535 entries is read by others, and holes stay holes', async () => {
  const place = mkdtempSync(join(tmpdir(), 'tintype-zip-'));
  const path = join(place, 'a.zip');
  const holes = join(place, 'holes');
  await Bun.write(holes, 'begins');
  truncateSync(holes, 300_000_000);
  const zip = createZip(path, join(place, 'spool'));
  zip.add('first.txt', 'hello '.repeat(100), 0);
  await zip.addFile('big.jpg', holes, { deflate: false, modifiedAt: Date.UTC(2024, 0, 2) });
  await zip.addFile('behind.txt', import.meta.path, { deflate: true, modifiedAt: 0 });
  for (let each = 0; each < 66_000; each += 1) zip.add(`many/${each}`, 'x', 0);
  expect(zip.finish()).toBe(Bun.file(path).size);
  expect(statSync(path).blocks * 512).toBeLessThan(50_000_000);
  const script =
    'import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nprint(len(z.namelist()),z.read("many/65999"),len(z.read("behind.txt")))';
  const python = await runProgram(['python3', '-c', script, path]);
  if (python.code >= 0) {
    expect(python.output.trim()).toBe(`66003 b'x' ${Bun.file(import.meta.path).size}`);
  } else {
    const read = await readZip(path);
    expect(read.names.length).toBe(66_003);
    expect(await read.text('many/65999')).toBe('x');
    await read.close();
  }
  rmSync(place, { recursive: true });
}, 60_000);

test('sizes and places beyond 4 GB are read by others', async () => {
  const place = mkdtempSync(join(tmpdir(), 'tintype-zip-'));
  const path = join(place, 'a.zip');
  const size = 5_000_000_000;
  const big: ZipEntry = {
    ...{ name: 'big.jpg', method: 0, crc32: 0, packed: size, size, at: 0, wide: true },
    modifiedAt: Date.UTC(2024, 0, 2),
  };
  const at = localHeader(big).length + size;
  const small = { ...big, name: 'small', crc32: crc32('x'), packed: 1, size: 1, at, wide: false };
  const directory = Buffer.concat([directoryHeader(big), directoryHeader(small)]);
  const directoryAt = at + localHeader(small).length + 1;
  const file = openSync(path, 'w');
  const write = (bytes: Buffer, to: number) => writeSync(file, bytes, 0, bytes.length, to);
  write(localHeader(big), 0);
  write(Buffer.concat([localHeader(small), Buffer.from('x')]), at);
  const end = endRecords({ entries: 2, at: directoryAt, bytes: directory.length });
  write(Buffer.concat([directory, end]), directoryAt);
  closeSync(file);
  const read = await readZip(path);
  expect(await read.text('small')).toBe('x');
  await read.close();
  const script =
    'import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\ni=z.getinfo("big.jpg")\nprint(i.file_size,i.date_time[:3],z.read("small"))';
  const python = await runProgram(['python3', '-c', script, path]);
  if (python.code >= 0) expect(python.output.trim()).toBe("5000000000 (2024, 1, 2) b'x'");
  rmSync(place, { recursive: true });
});

test('what cannot be read leaves no trace in a ZIP', async () => {
  const place = mkdtempSync(join(tmpdir(), 'tintype-zip-'));
  const zip = createZip(join(place, 'a.zip'), join(place, 'spool'));
  const how = { deflate: false, modifiedAt: 0 };
  await expect(zip.addFile('gone', join(place, 'gone'), how)).rejects.toThrow('ENOENT');
  await expect(zip.addFile('folder', place, how)).rejects.toThrow();
  zip.add('kept', 'kept', 0);
  zip.finish();
  const read = await readZip(join(place, 'a.zip'));
  expect(read.names).toEqual(['kept']);
  expect(await read.text('kept')).toBe('kept');
  await read.close();
  rmSync(place, { recursive: true });
});

test('the gallery lays ten thousand photos out and draws a few', () => {
  const years = Array.from({ length: 10_000 }, (_, at) => 2026 - Math.floor(at / 1000));
  const layout = layOut(years, 1200);
  expect(layout.columns).toBe(5);
  const drawn = rowsBetween(layout, layout.height / 2, layout.height / 2 + 900);
  expect(drawn.length).toBeLessThan(8);
  expect(rowOf(layout, 9_999)).toBe(layout.rows.at(-1) ?? null);
  expect(layOut([], 390).rows).toEqual([]);
  expect(layOut(years, 390).columns).toBe(3);
});

test('the gallery finds words without case and accents, in everything that was written', () => {
  const one: GalleryPost = {
    ...{ id: '1', at: Date.UTC(2024, 5), caption: 'Crème BRÛLÉE', warning: '', place: 'Paris' },
    ...{ visibility: 'public', archived: false, tags: ['Food'], likes: 0, boosts: 0 },
    ...{ commentsCount: 0, comments: [] },
    photos: [
      {
        ...{ small: '', full: '', original: null, width: 1, height: 1, focus: [50, 50] },
        ...{ alt: 'A bowl 🍮', takenAt: null, camera: 'NIKON D70' },
      },
    ],
  };
  const items = listItems([{ ...one, id: '2', at: 0, caption: 'Other' }, one]);
  expect(items.map(({ post: { id } }) => id)).toEqual(['1', '2']);
  const ids = (typed: string, year: number | null = null) =>
    findItems(items, typed, year).map((item) => item.post.id);
  expect(ids('creme brulee')).toEqual(['1']);
  expect(ids('  #food  bowl ')).toEqual(['1', '2']);
  expect(ids('🍮 d70', 1970)).toEqual(['2']);
  expect(ids('nothing')).toEqual([]);
});
