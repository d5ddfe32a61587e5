import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import { takeLock } from '#base/platform/lock.ts';
import { requireMovable } from '#domain/backup/require-movable.ts';
import { type KeptData, listKept, nameKept } from '#domain/backup/restore-places.ts';
import { finishSwap, isSwapping, swapData } from '#domain/backup/restore-swap.ts';
import { askYes } from './ask-yes.ts';
import { typedCommand } from './typed-command.ts';

/** `tintype restore --go-back`: the data that the last restore kept comes back, and what is there now is kept. */
export async function goBack(data: string, json: boolean): Promise<number> {
  const lock = lockOrRefuse(data);
  try {
    finishSwap(data);
    const [newest] = listKept(data);
    if (newest === undefined) throw nothingKept(data);
    requireMovable(data);
    const kept = nameKept(data, newest.path, Date.now());
    swapData(data, { stage: newest.path, kept });
    const report = { back: newest.at, kept };
    if (json) console.log(JSON.stringify(report, null, 2));
    else {
      console.log(
        [
          'Everything is as it was before the restore.',
          `What was here until now is kept in ${kept}`,
          `  back to that: ${typedCommand('restore', data)} --go-back`,
        ].join('\n'),
      );
    }
    return 0;
  } finally {
    lock.release();
  }
}

/** `tintype restore --forget-old`: removes what restores have kept, once somebody said yes. */
export async function forgetOld(data: string, yes: boolean, json: boolean): Promise<number> {
  if (isSwapping(data)) {
    throw new AppError(
      'conflict',
      `A restore of ${data} was cut off and is finished at the next start of the server; nothing is removed before that.`,
    );
  }
  const kept = listKept(data);
  if (kept.length === 0) throw nothingKept(data);
  if (!yes) await confirm(kept);
  for (const { path } of kept) rmSync(path, { recursive: true, force: true });
  const paths = kept.map(({ path }) => path);
  console.log(json ? JSON.stringify({ removed: paths }, null, 2) : `Removed: ${paths.join(', ')}`);
  return 0;
}

async function confirm(kept: readonly KeptData[]): Promise<void> {
  const list = kept.map(({ path }) => `  ${path}`).join('\n');
  if (await askYes(`This data from before a restore is removed for good:\n${list}\nGo on?`)) return;
  const how = process.stdin.isTTY === true ? '' : ' Say --yes if you mean it.';
  throw new AppError('bad_request', `Nothing was removed:\n${list}${how === '' ? '' : `\n${how}`}`);
}

function lockOrRefuse(data: string) {
  const lock = takeLock(join(data, 'lock'));
  if ('release' in lock) return lock;
  throw new AppError(
    'conflict',
    `Tintype runs on ${data}. Stop it first (for a service: systemctl stop tintype), then go back.`,
  );
}

function nothingKept(data: string): AppError {
  return new AppError('not_found', `No restore has kept any data of ${data}.`);
}
