import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, isFresh, setFresh } from './fingerprint.ts';
import { capture, root } from './process.ts';

/** Installs what `bun.lock` names, if that has not been done for this very file. */
export async function installDependencies(): Promise<void> {
  const mark = await fingerprint(['package.json', 'bun.lock']);
  if (existsSync(join(root, 'node_modules', 'sharp')) && (await isFresh('install', mark))) return;
  console.log('Installing the locked dependencies …');
  const { code, output } = await capture([
    process.execPath,
    'install',
    '--frozen-lockfile',
    '--no-progress',
  ]);
  if (code !== 0) throw new Error(`Installing the dependencies failed:\n${output}`);
  await setFresh('install', mark);
}
