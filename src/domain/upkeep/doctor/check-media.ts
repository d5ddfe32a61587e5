import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createFiles } from '#base/platform/files.ts';
import { countUsage, findUsage, listStoringAccounts } from '#domain/storage/queries.ts';
import { verifyStorage } from '#domain/storage/verify.ts';
import { type Finding, fail, fine, warn } from './finding.ts';
import type { Patient } from './patient.ts';

const RESTORE =
  'Restore them from a backup: tintype restore PATH; if the directory was moved, look for it first.';

/** Photos: each row has its file, each file its row, and the meters count right. */
export async function checkMedia({ config, db, deep }: Patient): Promise<Finding[]> {
  // Looking must not make what is not there.
  if (db === null || !existsSync(join(config.data, 'media', 'local'))) return [];
  const found: Finding[] = [];
  if (config.mediaBucket === null) {
    const files = createFiles(config.data);
    const { missing, changed, orphans } = await verifyStorage({ db, files }, { deep });
    if (missing.length > 0) found.push(fail('media.missing', some(missing, 'missing'), RESTORE));
    if (changed.length > 0) {
      found.push(fail('media.changed', some(changed, 'not what was uploaded'), RESTORE));
    }
    if (orphans.length > 0) {
      const text = `${orphans.length} files belong to no photo.`;
      const advice = 'The night removes them when they are an hour old; tintype doctor --fix now.';
      found.push(warn('media.orphans', text, advice, 'files'));
    }
    if (found.length === 0) {
      const how = deep ? 'every byte was read' : 'sizes were compared; --deep reads every byte';
      found.push(fine('media.files', `Every photo has its file (${how}).`));
    }
  }
  const wrong = listStoringAccounts(db).filter((id) => {
    const counted = countUsage(db, id);
    const metered = findUsage(db, id);
    return (
      counted.originalBytes !== (metered?.originalBytes ?? 0) ||
      counted.renditionBytes !== (metered?.renditionBytes ?? 0)
    );
  });
  if (wrong.length > 0) {
    const text = `The storage meters of ${wrong.length} accounts are wrong.`;
    const advice = 'tintype doctor --fix counts anew, as the night does.';
    found.push(warn('media.meters', text, advice, 'meters'));
  }
  return found;
}

function some(names: readonly string[], what: string): string {
  const [first] = names;
  return names.length === 1
    ? `The file ${first} is ${what}.`
    : `${names.length} files are ${what}, among them ${first}.`;
}
