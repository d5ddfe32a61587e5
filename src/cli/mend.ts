import { chmodSync, statSync } from 'node:fs';
import type { Config } from '#base/config/config.ts';
import { listOpenPaths } from '#domain/upkeep/doctor/check-directory.ts';
import type { Finding, Fix } from '#domain/upkeep/doctor/finding.ts';
import { createAdmin } from './admin.ts';

/** What `--fix` did: which fix, and a sentence about it. */
export type Fixed = { fix: Fix; text: string };

/** Does what is safe about the findings, each once, and says what it did; a fix that fails says why. */
export async function mend(config: Config, findings: readonly Finding[]): Promise<Fixed[]> {
  const wanted = new Set(findings.flatMap(({ fix }) => (fix === null ? [] : [fix])));
  const done: Fixed[] = [];
  for (const fix of wanted) {
    // One sweep takes leftovers and orphans.
    if (fix === 'temp' && wanted.has('files')) continue;
    try {
      done.push({ fix, text: await apply(config, fix) });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      done.push({ fix, text: `This could not be mended (${fix}): ${why}` });
    }
  }
  return done;
}

async function apply(config: Config, fix: Fix): Promise<string> {
  if (fix === 'rights') return closePaths(config.data);
  const what = fix === 'temp' ? 'files' : fix;
  return (await createAdmin(config)('doctor.fix', { what })).text;
}

function closePaths(root: string): string {
  const { open } = listOpenPaths(root);
  for (const path of open) chmodSync(path, statSync(path).mode & 0o700);
  return `${open.length} files and folders are readable by their owner alone now.`;
}
