import type { Context } from '#base/context.ts';
import { labelOf, secretsOf, targetsOf } from './places-of.ts';
import { runWork } from './run-work.ts';
import type { ListedBackup } from './work.ts';

/** A place with what lies in it, oldest first; `problem` says why it cannot be told. */
export type ListedPlace = {
  place: string;
  encrypted: boolean;
  sameDisk: boolean | null;
  backups: ListedBackup[];
  problem: string | null;
};

/** Looks into every place of a server, in a child process. */
export async function listBackups(ctx: Pick<Context, 'config' | 'files'>): Promise<ListedPlace[]> {
  const places: ListedPlace[] = [];
  for (const target of targetsOf(ctx)) {
    const place = labelOf(target);
    const order = { kind: 'list' as const, target, ...secretsOf(ctx.config), data: ctx.files.root };
    try {
      const { encrypted, sameDisk, backups } = await runWork(ctx.files, order);
      places.push({ place, encrypted, sameDisk, backups, problem: null });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      places.push({ place, encrypted: false, sameDisk: null, backups: [], problem });
    }
  }
  return places;
}
