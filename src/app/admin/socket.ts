import { chmodSync, rmSync } from 'node:fs';
import type { Server } from 'bun';
import type { App } from '#app/app.ts';
import { asDiskTrouble } from '#base/core/disk-trouble.ts';
import { AppError } from '#base/core/errors.ts';
import { runCommand } from './run-command.ts';
import { shortAddress } from './short-address.ts';

// Recurring work that is run by hand may take longer than the ten seconds of silence that Bun
// allows; `server.timeout` does not reach sockets, and the types know this option for ports only.
const patience: object = { idleTimeout: 0 };

/**
 * Lets verbs reach a running server: HTTP over a socket in the data directory that only the server's
 * user can open. `POST /NAME` with JSON; answers `{ result }` or `{ error: { kind, message, fields } }`.
 */
export function openAdminSocket(app: App, path: string): { close(): Promise<void> } {
  // A socket of a killed server lies around; the lock says that it has no owner.
  rmSync(path, { force: true });
  const address = shortAddress(path);
  const server: Server<undefined> = Bun.serve({
    ...patience,
    unix: address.path,
    development: false,
    fetch: (request) => answer(app, request),
  });
  chmodSync(path, 0o600);
  return {
    close: async () => {
      await server.stop(true);
      rmSync(path, { force: true });
      address.release();
    },
  };
}

async function answer(app: App, request: Request): Promise<Response> {
  try {
    const name = new URL(request.url).pathname.slice(1);
    const result = await runCommand(app, name, await request.json());
    return Response.json({ result: result ?? null });
  } catch (error) {
    if (!(error instanceof AppError)) app.ctx.log.error('A command failed.', { error });
    return Response.json({ error: describe(error) });
  }
}

function describe(thrown: unknown) {
  const error = asDiskTrouble(thrown) ?? thrown;
  if (error instanceof AppError) {
    return { kind: error.kind, message: error.message, fields: error.fields };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'unavailable', message: `The server could not do it: ${message}`, fields: {} };
}
