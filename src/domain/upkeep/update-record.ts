import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeDurably } from '#base/platform/write-durably.ts';

const record = v.object({
  /** The newest announcement whose signature was right. */
  seen: v.optional(
    v.nullable(
      v.object({ version: v.string(), date: v.string(), notes: v.string(), checkedAt: v.number() }),
    ),
    null,
  ),
  /** The update that runs, or the last one. */
  run: v.optional(
    v.nullable(
      v.object({
        /**
         * `testing`: file, backup and copy are looked at, nothing has changed. `tested`: good. `ordered`:
         * the server is to go over.
         * `switching`: the database goes aside. `proven`: the new executable opened the real data.
         * `swapped`: it lies in its place and has not yet answered. `returned`: the old one runs
         * from where it was put aside. `done` and `failed` are ends.
         */
        phase: v.picklist([
          'testing',
          'tested',
          'ordered',
          'switching',
          'proven',
          'swapped',
          'returned',
          'done',
          'failed',
        ]),
        from: v.string(),
        to: v.object({ version: v.string(), sha256: v.string() }),
        /** Paths: what people start, and the new file beside it. */
        executable: v.string(),
        staged: v.string(),
        begunAt: v.number(),
        endedAt: v.optional(v.nullable(v.number()), null),
        /** \`proven\`, and the folder of the executable belongs to somebody who has to swap it for us. */
        handed: v.optional(v.boolean(), false),
        /** How often the new executable was started without coming up. */
        starts: v.number(),
        /** One sentence for people, once it is over. */
        detail: v.optional(v.nullable(v.string()), null),
      }),
    ),
    null,
  ),
});

/** `update.json`: what a start must know of an update, whatever ended the process before. */
export type UpdateRecord = v.InferOutput<typeof record>;
export type UpdateRun = NonNullable<UpdateRecord['run']>;

/** Where the parts of an update lie in a data directory. */
export function updatePlaces(data: string) {
  const folder = join(data, 'update');
  return {
    record: join(data, 'update.json'),
    /** Held by whoever is at it; the kernel lets go when that process ends. */
    lock: join(data, 'update.lock'),
    folder,
    download: join(folder, 'download'),
    /** The copy that is tried. */
    trial: join(folder, 'trial'),
    /** The database that the new version is to work on, until it takes its place. */
    next: join(folder, 'next.db'),
    /** The database as the old version left it. */
    previous: join(folder, 'previous.db'),
    database: join(data, 'tintype.db'),
  };
}

/** Reads `update.json`; one that nobody can read counts as none. */
export function readUpdateRecord(data: string): UpdateRecord {
  const path = updatePlaces(data).record;
  if (!existsSync(path)) return { seen: null, run: null };
  try {
    const read = v.safeParse(record, JSON.parse(readFileSync(path, 'utf8')));
    return read.success ? read.output : { seen: null, run: null };
  } catch {
    return { seen: null, run: null };
  }
}

/** Changes `update.json`; it is on the disk before this returns. */
export function writeUpdateRecord(data: string, change: Partial<UpdateRecord>): void {
  const places = updatePlaces(data);
  mkdirSync(places.folder, { recursive: true, mode: 0o700 });
  const next = { ...readUpdateRecord(data), ...change };
  writeDurably(places.record, `${JSON.stringify(next, null, 2)}\n`);
}

/** Changes the run in `update.json`, which must be there. */
export function writeUpdateRun(data: string, change: Partial<UpdateRun>): void {
  const { run } = readUpdateRecord(data);
  if (run === null) throw new Error('There is no update to change.');
  writeUpdateRecord(data, { run: { ...run, ...change } });
}
