import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { chmodSync, copyFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { createImageWorker, type ImageWorker } from '#base/platform/images/client.ts';
import type { ImageResult, RenderTask } from '#base/platform/images/contract.ts';
import {
  type Architecture,
  asStranger,
  type Home,
  littered,
  makeHome,
  runVerb,
  stranger,
} from '#test/harness/binary.ts';

// qemu runs a fortieth of the speed; a heavy machine is a slow one, too.
setDefaultTimeout(300_000);

const fixtures = join(import.meta.dir, '..', 'fixtures');

function workerOf(home: Home, architecture: Architecture): ImageWorker {
  return createImageWorker({
    command: asStranger([home.binary, 'image-worker'], architecture),
    nativeDir: join(home.data, 'native'),
    deadlineMs: 120_000,
    log: { warn: (message, fields) => console.warn(message, fields) },
  });
}

function taskFor(home: Home, source: string): RenderTask {
  const out = (name: string): string => join(home.data, `${name}-${Math.random()}`);
  return {
    kind: 'render',
    source,
    limits: { maxPixels: 100_000_000, maxFrames: 600 },
    edits: null,
    outputs: [
      { name: 'large', path: out('large'), fit: 2048, encode: 'photo', quality: 88 },
      { name: 'small', path: out('small'), fit: 480, encode: 'webp', quality: 80 },
    ],
  };
}

async function makeJpeg(home: Home): Promise<string> {
  const path = join(home.program, '..', 'photo.jpg');
  const noise = { type: 'gaussian', mean: 120, sigma: 40 } as const;
  await sharp({ create: { width: 800, height: 600, channels: 3, background: '#888', noise } })
    .withExif({
      IFD0: { Make: 'Kodak' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '47/1 0/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toFile(path);
  chmodSync(path, 0o644);
  return path;
}

function outputsOf(
  result: ImageResult,
): Record<string, { mime: string; width: number; path: string }> {
  if (result.kind !== 'render') throw new Error('The worker did something else.');
  return Object.fromEntries(result.outputs.map((output) => [output.name, output]));
}

// Bun's x64 executable needs no AVX, so there is one file for all processors from 2008 on.
const oldest = process.arch === 'x64' ? (['nehalem'] as const) : [];

for (const architecture of ['native', ...oldest, 'arm64'] as const) {
  describe(`the ${architecture} image worker, alone in a read-only directory`, () => {
    let home: Home;
    let worker: ImageWorker;
    beforeAll(() => {
      home = makeHome(architecture);
      worker = workerOf(home, architecture);
    });
    afterAll(async () => {
      await worker.close();
      home.remove();
    });

    test('renders a turned JPEG with its own libvips', async () => {
      const outputs = outputsOf(await worker.run(taskFor(home, await makeJpeg(home))));
      expect(outputs.large).toMatchObject({ mime: 'image/jpeg', width: 600 });
      expect(outputs.small).toMatchObject({ mime: 'image/webp', width: 360 });
      const owner = statSync(outputs.large?.path ?? '').uid;
      expect(owner).toBe(stranger ?? process.getuid?.() ?? -1);
    });

    test('decodes the HEIC of a phone', async () => {
      const source = join(home.program, '..', 'photo.heic');
      copyFileSync(join(fixtures, 'photo-gps.heic'), source);
      chmodSync(source, 0o644);
      const outputs = outputsOf(await worker.run(taskFor(home, source)));
      expect(outputs.large?.mime).toBe('image/jpeg');
    });

    test('keeps its libraries in the data directory, closed to others, and litters nowhere', async () => {
      const [folder] = readdirSync(join(home.data, 'native'));
      const place = join(home.data, 'native', folder ?? '');
      const names = readdirSync(place).sort();
      expect(names).toEqual([
        expect.stringMatching(/^libvips-cpp\.so\./),
        expect.stringMatching(/^sharp-linux-(x64|arm64)-.*\.node$/),
      ]);
      for (const path of [place, ...names.map((name) => join(place, name))]) {
        expect(statSync(path).mode & 0o077).toBe(0);
      }
      expect(readdirSync(join(home.data, 'native'))).toHaveLength(1);
      expect(await littered(home)).toEqual([]);
    });
  });
}

describe('the libraries of the image worker', () => {
  let home: Home;
  beforeAll(() => {
    home = makeHome();
  });
  afterAll(() => home.remove());

  test('are written again when a file of theirs is damaged, and older ones go', async () => {
    const source = await makeJpeg(home);
    const first = workerOf(home, 'native');
    await first.run(taskFor(home, source));
    await first.close();
    const native = join(home.data, 'native');
    const place = join(native, readdirSync(native)[0] ?? '');
    for (const name of readdirSync(place)) writeFileSync(join(place, name), 'not a library');
    const second = workerOf(home, 'native');
    const outputs = outputsOf(await second.run(taskFor(home, source)));
    await second.close();
    expect(outputs.large?.mime).toBe('image/jpeg');
    expect(readdirSync(native)).toHaveLength(1);
  });

  test('that cannot be written end the worker with one sentence', async () => {
    const start = {
      kind: 'start',
      parent: process.pid,
      nativeDir: '/proc/nowhere',
      memoryBytes: 1e9,
    };
    const ended = await runVerb(home, ['image-worker'], { stdin: `${JSON.stringify(start)}\n` });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toBe(
      'The picture library cannot be loaded from /proc/nowhere: the data directory must be writable ' +
        'and on a file system that lets programs run (not mounted noexec).\n',
    );
  });
});
