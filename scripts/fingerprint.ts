import { join } from 'node:path';
import { root } from './process.ts';

/** Where the stamps of finished steps lie. */
const stamps = join(root, 'build', 'stamps');

/** SHA-256 over the contents of all files that the patterns name, in the order of their paths. */
export async function fingerprint(patterns: string[], extra: string[] = []): Promise<string> {
  const paths = new Set<string>();
  for (const pattern of patterns) {
    for await (const path of new Bun.Glob(pattern).scan({ cwd: root, dot: false })) paths.add(path);
  }
  const hasher = new Bun.CryptoHasher('sha256');
  for (const path of [...paths].sort()) {
    const content = await Bun.file(join(root, path)).bytes();
    hasher.update(`${path}\0${content.length}\0`).update(content);
  }
  for (const text of extra) hasher.update(`${text}\0`);
  return hasher.digest('hex');
}

/** Says whether a step was last finished with this fingerprint. */
export async function isFresh(step: string, mark: string): Promise<boolean> {
  const file = Bun.file(join(stamps, step));
  return (await file.exists()) && (await file.text()) === mark;
}

/** Remembers that a step is finished with this fingerprint. */
export async function setFresh(step: string, mark: string): Promise<void> {
  await Bun.write(join(stamps, step), mark);
}
