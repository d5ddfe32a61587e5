import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { hashFile } from '#domain/storage/hash-file.ts';
import type { ReleaseFile, ReleaseManifest } from '#domain/upkeep/release-manifest.ts';
import manifest from '#package.json';
import { buildExecutables, executable } from './build.ts';
import { root } from './process.ts';
import { describeParts } from './sbom/describe-parts.ts';
import { readLock } from './sbom/read-lock.ts';
import { makeReleaseKey, publicKeyOf, signRelease } from './sign-release.ts';
import { type Target, targets } from './targets.ts';

/**
 * `bun scripts/release.ts --from VERSION --notes FILE [--out DIR] [--days N]` builds the executables of
 * the version in `package.json` and puts them with `release.json` and its signature into a folder that
 * any web server can hold. The secret comes in TINTYPE_RELEASE_KEY. `--renew DIR` signs what lies there
 * for another N days. `--new-key` prints a fresh pair: the public one goes into `package.json` as
 * `updateKey`, the other one to where only the one who releases finds it.
 */
const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    notes: { type: 'string' },
    out: { type: 'string', default: 'dist/release' },
    days: { type: 'string', default: '180' },
    renew: { type: 'string' },
    'new-key': { type: 'boolean', default: false },
  },
});

const DAY = 86_400_000;

async function makeRelease(): Promise<void> {
  if (values['new-key']) {
    const { secret, publicKey } = makeReleaseKey();
    console.log(`TINTYPE_RELEASE_KEY=${secret}\n"updateKey": "${publicKey}"`);
    return;
  }
  const secret = process.env.TINTYPE_RELEASE_KEY ?? '';
  const expires = new Date(Date.now() + Number(values.days) * DAY).toISOString();
  const out = resolve(values.renew ?? values.out);
  mkdirSync(out, { recursive: true });
  const told: ReleaseManifest =
    values.renew === undefined ? await describe(out, expires) : { ...readOld(out), expires };
  const { bytes, signature } = signRelease(told, secret);
  writeFileSync(join(out, 'release.json'), bytes);
  writeFileSync(join(out, 'release.json.sig'), signature);
  console.log(`${out}: version ${told.version}, good until ${told.expires}`);
  console.log(`Signed; the public key is ${publicKeyOf(secret)}`);
}

async function describe(out: string, expires: string): Promise<ReleaseManifest> {
  const { version } = manifest;
  if (values.from === undefined) throw new Error('--from names the oldest version to update from.');
  const notes = values.notes === undefined ? '' : readFileSync(values.notes, 'utf8').trim();
  await buildExecutables(targets);
  writeParts(join(out, `tintype-${version}.cdx.json`));
  const files = await Promise.all(targets.map((target) => bring(target, version, out)));
  const date = new Date().toISOString();
  return { format: 1, product: 'tintype', version, date, expires, from: values.from, notes, files };
}

/** What the executables are made of, for whoever wants to check. */
function writeParts(path: string): void {
  const parts = describeParts(readLock(join(root, 'bun.lock')));
  writeFileSync(path, `${JSON.stringify(parts, null, 2)}\n`);
}

async function bring(target: Target, version: string, out: string): Promise<ReleaseFile> {
  const name = `tintype-${version}-${target.name}`;
  copyFileSync(executable(target), join(out, name));
  return { platform: target.name, name, ...(await hashFile(join(out, name))) };
}

function readOld(out: string): ReleaseManifest {
  const path = join(out, 'release.json');
  if (!existsSync(path)) throw new Error(`There is no release.json in ${out}.`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

try {
  if (root !== process.cwd()) process.chdir(root);
  await makeRelease();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
