import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import { findAccountByUsername } from '#domain/accounts/queries.ts';
import { estimateBytes } from '#doors/archive/exports.ts';
import { configForChild } from '#doors/archive/out-context.ts';
import { command } from './command.ts';

/** What the command line asks of a server before it writes an archive itself, in a child of its own. */
export const archiveCommands = {
  'archive.prepare': command(
    v.object({ name: v.string(), renditions: v.boolean() }),
    ({ ctx }, { name, renditions }) => {
      const account = findAccountByUsername(ctx.db, name);
      if (account === null || account.domain !== null) {
        throw new AppError('not_found', `There is no account called "${name}".`);
      }
      const { id, username } = account;
      const bytes = estimateBytes(ctx, id, renditions);
      return { accountId: id, username, bytes, config: configForChild(ctx.config) };
    },
  ),
};
