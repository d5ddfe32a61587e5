import { readdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { CopiedMedia } from './copy-media.ts';
import { type BackupKey, signBytes } from './keys.ts';
import { type Manifest, pathInSnapshot } from './manifest.ts';
import type { BackupPlace } from './place.ts';
import type { DatabaseFacts } from './snapshot-queries.ts';
import { listFiles, type Working } from './working-queries.ts';

type SnapshotParts = {
  name: string;
  key: BackupKey;
  /** The copy of the database. */
  copy: string;
  stage: string;
  data: string;
  working: Working;
  facts: DatabaseFacts;
  media: CopiedMedia;
  origin: string;
  version: string;
  now: number;
};

// Whoever reads a backup without a passphrase must not be able to sign the next one, nor find
// passwords of stores and mail servers in it.
const PLAIN_KEYS = ['push.key'];
const NO_KEYS = /^(tintype\.db.*|lock|admin\.sock|\..*)$/;
const KEY_MAX = 1_000_000;

/** Writes everything of a backup but the photos; the signature comes last and makes it one. */
export async function writeSnapshot(place: BackupPlace, parts: SnapshotParts): Promise<void> {
  const { name, copy, stage, data, media, facts, key } = parts;
  const list = join(stage, 'files.ndjson');
  await writeList(parts.working, list);
  const files = [
    { path: 'tintype.db', local: copy },
    { path: 'files.ndjson', local: list },
    ...keyFiles(data, place.encrypted).map((file) => ({
      path: `keys/${file}`,
      local: join(data, file),
    })),
  ];
  const entries: Manifest['entries'] = [];
  for (const { path, local } of files) {
    entries.push({ path, ...(await place.put(pathInSnapshot(name, path), local)) });
  }
  const manifest: Manifest = {
    format: 1,
    name,
    instance: place.instance,
    origin: parts.origin,
    version: parts.version,
    schema: facts.schema,
    createdAt: new Date(parts.now).toISOString(),
    encrypted: place.encrypted,
    publicKey: key.publicKey,
    counts: facts.counts,
    media: { files: media.files, bytes: media.bytes, missing: media.missingCount },
    entries,
  };
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  await place.write(pathInSnapshot(name, 'manifest.json'), bytes);
  // Nothing that is named may be less certain than the signature.
  await place.settle();
  const signature = Buffer.from(`${signBytes(key, bytes)}\n`);
  await place.write(pathInSnapshot(name, 'manifest.sig'), signature);
  await place.settle();
}

async function writeList(working: Working, path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for (let after = ''; ; ) {
      const page = listFiles(working, after, 500);
      const last = page.at(-1);
      if (last === undefined) return;
      await file.writeFile(page.map((line) => `${JSON.stringify(line)}\n`).join(''));
      after = last.name;
    }
  } finally {
    await file.close();
  }
}

/** Small files right in the data directory: keys, the settings file. */
function keyFiles(data: string, encrypted: boolean): string[] {
  return readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^[A-Za-z0-9][\w.-]{0,99}$/.test(entry.name))
    .map((entry) => entry.name)
    .filter((name) => (encrypted ? !NO_KEYS.test(name) : PLAIN_KEYS.includes(name)))
    .filter((name) => statSync(join(data, name)).size <= KEY_MAX)
    .slice(0, 100);
}
