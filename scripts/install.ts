import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, isFresh, setFresh } from './fingerprint.ts';
import { become, capture, root, run } from './process.ts';

/**
 * Installs what `bun.lock` names, if that has not been done for this very file. After an install the
 * script begins again in a fresh process: Bun remembers which packages it did not find.
 */
export async function installDependencies(): Promise<void> {
  const mark = await fingerprint(['package.json', 'bun.lock']);
  if (existsSync(join(root, 'node_modules', 'sharp')) && (await isFresh('install', mark))) return;
  console.log('Installing the locked dependencies …');
  await install();
  await setFresh('install', mark);
  become([process.execPath, ...process.argv.slice(1)]);
}

/** With Bun's own progress on a terminal; elsewhere it is heard only when it fails. */
async function install(): Promise<void> {
  const command = [process.execPath, 'install', '--frozen-lockfile', '--ignore-scripts'];
  if (process.stdout.isTTY) return await run(command);
  const { code, output } = await capture([...command, '--no-progress']);
  if (code !== 0) throw new Error(`Installing the dependencies failed:\n${output}`);
}
