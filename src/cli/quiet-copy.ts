import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from '#app/create-app.ts';
import type { Config } from '#base/config/config.ts';
import { AppError } from '#base/core/errors.ts';
import { FetchError, type GuardedFetch } from '#base/platform/fetch.ts';
import { inviteProbe } from '#domain/backup/invite-probe.ts';
import { isAnyPlaced } from '#domain/storage/placed-queries.ts';
import { readArguments } from './read-arguments.ts';
import { readConfig } from './settings.ts';
import { UsageError } from './usage-error.ts';

/** Nobody looks at a copy for longer; then it ends by itself. Milliseconds. */
const LIFETIME = 30 * 60_000;

/**
 * `tintype quiet-copy --data DIR [--some-photos]`, started by drills and updates on a copy of the data: answers on a
 * spare port of this machine and does nothing by itself. No jobs, no cron, no mail, no word to other
 * servers. Its first line says where it is and lets the one who started it in; it ends with its
 * standard input, so it does not outlive them.
 */
export async function run(argv: string[]): Promise<number> {
  const options = { 'some-photos': { type: 'boolean' as const } };
  const { flags, values } = readArguments(argv, { options });
  if (flags.data === undefined) throw new UsageError('Say which copy with --data');
  if (!existsSync(join(flags.data, 'tintype.db'))) {
    throw new AppError('not_found', `There is no database in ${flags.data}.`);
  }
  const app = await createApp(quietConfig(flags), { fetch: noWayOut });
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    development: false,
    reusePort: false,
    fetch: (request) => app.handle(request),
  });
  try {
    const url = `http://127.0.0.1:${server.port}`;
    // Photos that are in a bucket alone are not in a copy.
    const somePhotos = values['some-photos'] === true || isAnyPlaced(app.ctx.db);
    const invitation = await inviteProbe(app.ctx, url, somePhotos);
    console.log(JSON.stringify(invitation));
    await untilAbandoned();
  } finally {
    await server.stop(true);
    await app.stop();
  }
  return 0;
}

/** What the copy's own file says, without all that would reach out of it. */
function quietConfig(flags: Record<string, string>): Config {
  const config = readConfig({ ...flags, listen: '127.0.0.1:1', 'log-level': 'error' });
  return {
    ...config,
    allowAddresses: [],
    owner: null,
    s3: null,
    mediaBucket: null,
    backup: { to: [], passphrase: null },
    mail: null,
    update: null,
  };
}

const noWayOut: GuardedFetch = async () => {
  throw new FetchError('unreachable', 'This is a copy: it does not speak with other servers.');
};

async function untilAbandoned(): Promise<void> {
  const ended = async () => {
    for await (const _ of Bun.stdin.stream()) {
      // What is said here means nothing; only that it ends.
    }
  };
  const late = Bun.sleep(LIFETIME);
  await Promise.race([ended(), late]);
}
