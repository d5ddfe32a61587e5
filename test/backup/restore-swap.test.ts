import { afterAll, expect, test } from 'bun:test';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFiles } from '#base/platform/files.ts';
import {
  listKept,
  listStages,
  makeRestorePlaces,
  nameKept,
} from '#domain/backup/restore-places.ts';
import { finishSwap, isSwapping, swapData } from '#domain/backup/restore-swap.ts';

const root = mkdtempSync(join(tmpdir(), 'tintype-swap-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const AT = Date.parse('2026-03-04T05:06:07Z');
let n = 0;

class PowerCut extends Error {}

/** A data directory with old data and, ready beside it, new data. */
function makeBoth() {
  n += 1;
  const data = join(root, `data-${n}`);
  createFiles(data);
  const put = (folder: string, files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };
  const old = {
    'tintype.db': 'old',
    'tintype.db-wal': 'old log',
    'media/local/ab/photo': 'old photo',
    'media/cache/ab/copy': 'a copy',
    'push.key': 'old push',
    'backup.key': 'the key',
    'imports/one': 'brought',
  };
  put(data, old);
  const places = makeRestorePlaces(data, AT);
  const fresh = {
    'tintype.db': 'new',
    'media/local/cd/photo': 'new photo',
    'push.key': 'new push',
    'tintype.toml': 'settings',
  };
  put(places.stage, fresh);
  return { data, places, old, fresh };
}

const read = (folder: string, files: Record<string, string>) =>
  Object.fromEntries(
    Object.keys(files).map((name) => {
      const path = join(folder, name);
      return [name, existsSync(path) ? readFileSync(path, 'utf8') : null];
    }),
  );

/** Ends the work before its change number `at`; true if there were as many. */
function cutAt(at: number, work: (step: () => void) => void): boolean {
  let count = 0;
  try {
    work(() => {
      count += 1;
      if (count === at) throw new PowerCut();
    });
    return false;
  } catch (error) {
    if (error instanceof PowerCut) return true;
    throw error;
  }
}

function expectNew({ data, places, old, fresh }: ReturnType<typeof makeBoth>): void {
  expect(read(data, fresh)).toEqual(fresh);
  expect(readFileSync(join(data, 'backup.key'), 'utf8')).toBe('the key');
  expect(existsSync(join(data, 'tintype.db-wal'))).toBe(false);
  expect(existsSync(join(data, 'media/local/ab'))).toBe(false);
  expect(read(places.kept, old)).toEqual(old);
  expect([isSwapping(data), listStages(data)]).toEqual([false, []]);
  expect(listKept(data).map((each) => each.path)).toEqual([places.kept]);
  expect(statSync(places.kept).mode & 0o077).toBe(0);
}

test('T122: a power cut before any of its changes leaves the old data, or the new one for whoever starts next', () => {
  let cuts = 0;
  for (let at = 1; ; at += 1) {
    const both = makeBoth();
    const { data, places, old } = both;
    if (!cutAt(at, (step) => swapData(data, places, step))) break;
    cuts += 1;
    const begun = isSwapping(data);
    if (!begun && existsSync(places.stage) && existsSync(join(data, 'tintype.db-wal'))) {
      expect(read(data, old)).toEqual(old);
    }
    // A server that starts makes its folders before it looks.
    createFiles(data);
    finishSwap(data);
    if (at === 1) {
      expect(read(data, old)).toEqual(old);
      expect([listStages(data), listKept(data)]).toEqual([[], []]);
    } else expectNew(both);
  }
  expect(cuts).toBeGreaterThan(12);
});

test('T122: a power cut while the next start cleans up is mended by the one after it', () => {
  for (let first = 2; first < 18; first += 5) {
    for (let second = 1; second < 18; second += 4) {
      const both = makeBoth();
      if (!cutAt(first, (step) => swapData(both.data, both.places, step))) continue;
      cutAt(second, (step) => finishSwap(both.data, step));
      createFiles(both.data);
      finishSwap(both.data);
      expectNew(both);
    }
  }
});

test('T122: going back is as safe, with a log of the old database that must come along', () => {
  for (let at = 2; ; at += 1) {
    const { data, places, old, fresh } = makeBoth();
    swapData(data, places);
    writeFileSync(join(data, 'tintype.db-wal'), 'log of the new one');
    const back = { stage: places.kept, kept: nameKept(data, places.kept, AT + 60_000) };
    if (!cutAt(at, (step) => swapData(data, back, step))) break;
    createFiles(data);
    finishSwap(data);
    expect(read(data, old)).toEqual(old);
    const kept = { ...fresh, 'tintype.db-wal': 'log of the new one' };
    const { 'tintype.toml': _, ...moved } = kept;
    expect(read(back.kept, moved)).toEqual(moved);
    expect(listKept(data).map((each) => each.path)).toEqual([back.kept]);
  }
});

test('where nothing can be written beside the data, all of it happens inside', () => {
  // A name that leaves no room for a longer one is as good as a folder that may not be written to.
  const data = join(root, 'd'.repeat(240));
  mkdirSync(data);
  const places = makeRestorePlaces(data, AT);
  expect(places.stage).toBe(join(data, 'restoring-20260304T050607Z'));
  writeFileSync(join(places.stage, 'tintype.db'), 'new');
  writeFileSync(join(data, 'tintype.db'), 'old');
  swapData(data, places);
  expect(readFileSync(join(data, 'tintype.db'), 'utf8')).toBe('new');
  expect(listKept(data).map((each) => each.path)).toEqual([
    join(data, 'before-restore-20260304T050607Z'),
  ]);
});

test('a journal that cannot be read stops everything and says where the old data is', () => {
  const { data } = makeBoth();
  writeFileSync(join(data, 'restore-under-way.json'), '{"stage":"/","kept":"/etc","phase":"in"}');
  expect(() => finishSwap(data)).toThrow(/was cut off, and .*cannot be read.*before-restore-/);
});
