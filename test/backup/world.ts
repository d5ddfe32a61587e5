import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { randomName } from '#base/core/secrets.ts';
import type { BackupTarget } from '#domain/backup/place.ts';
import { runWork } from '#domain/backup/run-work.ts';
import type { WorkReports } from '#domain/backup/work.ts';
import { insertBlob } from '#domain/storage/queries.ts';
import { createTestApp, type TestApp, type TestAppOptions } from '#test/harness/app.ts';

/** A server with photos, and a folder for its backups that goes with it. */
export type BackupWorld = {
  app: TestApp;
  /** The folder of the place. */
  to: string;
  target: BackupTarget;
  close(): Promise<void>;
};

/** Opens one; `passphrase` for encrypted backups. */
export async function createBackupWorld(options: TestAppOptions = {}): Promise<BackupWorld> {
  const root = mkdtempSync(join(tmpdir(), 'tintype-backups-'));
  const to = join(root, 'to');
  const target: BackupTarget = { kind: 'directory', path: to };
  const app = await createTestApp({
    ...options,
    config: { backup: { to: [target], passphrase: null }, ...options.config },
  });
  return {
    app,
    to,
    target,
    close: async () => {
      await app.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Stores a file as a photo would be, without a picture in it; answers its name and hash. */
export async function storeFile(
  app: TestApp,
  bytes: Uint8Array,
): Promise<{ name: string; sha256: string }> {
  const name = `${randomName(16)}.jpg`;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = app.ctx.files.mediaPath(name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, bytes, { mode: 0o600 });
  insertBlob(app.ctx.db, {
    name,
    accountId: null,
    purpose: 'original',
    mime: 'image/jpeg',
    bytes: bytes.byteLength,
    sha256,
    createdAt: app.ctx.now(),
  });
  return { name, sha256 };
}

/** Some files with contents of their own. */
export async function storeFiles(app: TestApp, count: number, bytes = 5000): Promise<string[]> {
  const names: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const { name } = await storeFile(app, crypto.getRandomValues(new Uint8Array(bytes)));
    names.push(name);
  }
  return names;
}

/** The order for a backup of a world, as the server would give it. */
export function orderFor(world: BackupWorld, passphrase: string | null = null) {
  return {
    kind: 'create' as const,
    target: world.target,
    s3: world.app.ctx.config.s3,
    passphrase,
    data: world.app.ctx.files.root,
    instance: 'instance-of-test',
    origin: 'https://photos.example.org',
    version: '1.2.3',
    now: Date.now(),
    keep: null,
    known: false,
    checkPart: null,
  };
}

/** Makes a backup in a child process. */
export function backUp(
  world: BackupWorld,
  passphrase: string | null = null,
): Promise<WorkReports['create']> {
  return runWork(world.app.ctx.files, orderFor(world, passphrase));
}

/** Looks at the newest backup, or at one by its name. */
export function check(
  world: BackupWorld,
  name: string | null = null,
  passphrase: string | null = null,
): Promise<WorkReports['verify']> {
  const { target, s3, data } = orderFor(world);
  const order = { kind: 'verify' as const, target, s3, passphrase, data, name };
  return runWork(world.app.ctx.files, order);
}

/** Every file below a folder, by its path in it. */
export async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
