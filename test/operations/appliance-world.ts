import { Database } from 'bun:sqlite';
import { expect } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { reconcileUsage } from '#domain/storage/reconcile.ts';
import { verifyStorage } from '#domain/storage/verify.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

/** Posts of somebody with one photo each, whose files have so many bytes and nothing to be seen in them. */
export async function storePosts(
  app: TestApp,
  person: Person,
  { count, bytes }: { count: number; bytes: number },
): Promise<string[]> {
  const { ctx } = app;
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    ids.push(String(post(ctx, person.viewer, { caption: `Post ${n}` }).id));
  }
  const blobs = ctx.db
    .query<{ name: string; purpose: string }, []>(
      "SELECT name, purpose FROM blobs WHERE sha256 = ''",
    )
    .all();
  for (const { name, purpose } of blobs) {
    const content = crypto.getRandomValues(new Uint8Array(purpose === 'original' ? bytes : 500));
    const path = ctx.files.mediaPath(name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, content, { mode: 0o600 });
    const sha256 = Bun.SHA256.hash(content, 'hex');
    ctx.db
      .query('UPDATE blobs SET sha256 = $sha256, bytes = $bytes WHERE name = $name')
      .run({ name, sha256: String(sha256), bytes: content.byteLength });
  }
  await reconcileUsage(ctx);
  return ids;
}

/** Makes data with one owner and their posts; gives the owner. */
export async function makeData(
  data: string,
  posts: { count: number; bytes: number },
): Promise<Person> {
  const app = await createTestApp({ data });
  try {
    const ann = await app.person('ann', 'owner');
    await storePosts(app, ann, posts);
    return ann;
  } finally {
    await app.close();
  }
}

/** Looks with SQLite alone, before any start could mend something. */
export function expectSound(path: string): void {
  const db = new Database(path);
  try {
    expect(db.query('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    expect(db.query('PRAGMA foreign_key_check').all()).toEqual([]);
  } finally {
    db.close();
  }
}

/** Every file that a row names is there to the last byte, none is there that no row names, meters fit. */
export async function expectInStep(app: TestApp): Promise<void> {
  const nothing = { missing: [], changed: [], orphans: [] };
  expect(await verifyStorage(app.ctx, { deep: true })).toEqual(nothing);
  expect(await reconcileUsage(app.ctx)).toEqual([]);
}

/** A refusal as people should meet it: exit code 1 and one sentence, no trace of a program. */
export function expectOneSentence({ code, stderr }: Refusal, work = 'it'): void {
  const isPlain = /^[^\n]{10,500}[.?]\n$/.test(stderr) && !MACHINERY.test(stderr);
  expect([work, isPlain ? 'one sentence' : stderr, code]).toEqual([work, 'one sentence', 1]);
}

type Refusal = { code: number; stderr: string };
const MACHINERY = /did not expect|undefined|\bnull\b|\bE[A-Z]{4,}\b|SQLITE_/;
