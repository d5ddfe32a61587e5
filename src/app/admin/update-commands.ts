import * as v from 'valibot';
import { buildInfo } from '#base/core/build-info.ts';
import { AppError } from '#base/core/errors.ts';
import { ownExecutable } from '#base/platform/own-executable.ts';
import { readUpdateRecord, writeUpdateRun } from '#domain/upkeep/update-record.ts';
import { command } from './command.ts';

const nothing = v.object({});

/** What `tintype update` asks of a running server. */
export const updateCommands = {
  'update.status': command(nothing, () => ({
    version: buildInfo.version,
    executable: ownExecutable(),
    pid: process.pid,
  })),
  // The server ends as for SIGTERM; `cli/serve.ts` sees the order when everything is closed.
  'update.change_over': command(nothing, ({ ctx }) => {
    const { run } = readUpdateRecord(ctx.config.data);
    if (run?.phase !== 'tested' || run.executable !== ownExecutable()) {
      throw new AppError('conflict', 'There is no tested update for this server.');
    }
    writeUpdateRun(ctx.config.data, { phase: 'ordered' });
    ctx.log.info('The server ends for an update.', { version: run.to.version });
    setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50);
  }),
};
