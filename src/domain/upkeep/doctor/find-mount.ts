import { resolve } from 'node:path';

/** A line of `/proc/mounts` (proc(5)). */
export type Mount = { device: string; path: string; type: string; options: string[] };

/** The mount that a path lies on; null if the text names none. */
export function findMount(mounts: string, path: string): Mount | null {
  const wanted = resolve(path);
  let best: Mount | null = null;
  for (const line of mounts.split('\n')) {
    const [device = '', escaped = '', type = '', options = ''] = line.split(' ');
    const at = escaped.replace(/\\([0-7]{3})/g, (_, code) =>
      String.fromCharCode(parseInt(code, 8)),
    );
    const holds = at === '/' || wanted === at || wanted.startsWith(`${at}/`);
    // What is mounted later lies above.
    if (at === '' || !holds || (best !== null && at.length < best.path.length)) continue;
    best = { device, path: at, type, options: options.split(',') };
  }
  return best;
}
