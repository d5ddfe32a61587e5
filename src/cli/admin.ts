import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandInput, CommandName, CommandOutput } from '#app/admin/commands.ts';
import { shortAddress } from '#app/admin/short-address.ts';
import type { App } from '#app/app.ts';
import type { Config } from '#base/config/config.ts';
import { AppError, type ErrorKind } from '#base/core/errors.ts';

/** Runs commands of the admin table: through the socket of a running server, else on the data itself. */
export type Admin = <Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
) => Promise<CommandOutput<Name>>;

type Answer = {
  result?: unknown;
  error?: { kind: ErrorKind; message: string; fields: Record<string, string> };
};

const START_TAKES = 10_000;
// A backup may take hours, and Bun would hang up after five minutes of silence.
const patience: object = { timeout: false };

/**
 * The way to the admin commands of the server whose settings these are. Where there is no Tintype
 * yet the commands refuse, unless `start` lets the first one make it.
 */
export function createAdmin(config: Config, start = false): Admin {
  return async (name, input) => {
    const end = Date.now() + START_TAKES;
    for (;;) {
      const answer = await askServer(config.data, name, input);
      if (answer !== null) return open(answer) as CommandOutput<typeof name>;
      if (!start) requireData(config.data);
      const app = await openData(config, Date.now() > end);
      if (app !== null) return (await runHere(app, name, input)) as CommandOutput<typeof name>;
      await Bun.sleep(200);
    }
  };
}

/** Asks the server that runs on a data directory; null if none does. */
export async function askServer(
  data: string,
  name: string,
  input: unknown,
): Promise<Answer | null> {
  const socket = join(data, 'admin.sock');
  if (!existsSync(socket)) return null;
  const address = shortAddress(socket);
  try {
    const response = await fetch(`http://localhost/${name}`, {
      ...patience,
      unix: address.path,
      method: 'POST',
      body: JSON.stringify(input),
      headers: { 'content-type': 'application/json' },
    });
    return (await response.json()) as Answer;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (/ECONNREFUSED|ENOENT|FailedToOpenSocket|ConnectionRefused/.test(code)) return null;
    throw new AppError('unavailable', 'The running server did not answer; look at its log.', {
      cause: error,
    });
  } finally {
    address.release();
  }
}

function open(answer: Answer): unknown {
  if (answer.error === undefined) return answer.result;
  const { kind, message, fields } = answer.error;
  throw new AppError(kind, message, { fields });
}

function requireData(data: string): void {
  if (existsSync(join(data, 'tintype.db'))) return;
  throw new AppError(
    'not_found',
    `There is no Tintype in ${data}; name its directory with --data, or start one with "tintype serve".`,
  );
}

/** Opens the data for this process alone; null if another has it, which is a server that just starts or ends. */
async function openData(config: Config, isLastTry: boolean): Promise<App | null> {
  const { createApp } = await import('#app/create-app.ts');
  try {
    return await createApp({ ...config, logLevel: 'error' });
  } catch (error) {
    if (error instanceof AppError && error.kind === 'conflict' && !isLastTry) return null;
    throw error;
  }
}

async function runHere(app: App, name: string, input: unknown): Promise<unknown> {
  const { runCommand } = await import('#app/admin/run-command.ts');
  try {
    const result = await runCommand(app, name, input);
    // What a socket would have made of it.
    return JSON.parse(JSON.stringify(result ?? null));
  } finally {
    await app.stop();
  }
}
