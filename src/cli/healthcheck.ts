import { AppError } from '#base/core/errors.ts';
import { askServer } from './admin.ts';
import { readArguments } from './read-arguments.ts';
import { readConfig } from './settings.ts';

const PATIENCE = 5_000;

/** `tintype healthcheck`: exit code 0 if the server of the data directory answers that it is ready. */
export async function run(argv: string[]): Promise<number> {
  const { flags, values } = readArguments(argv, { options: { json: { type: 'boolean' } } });
  const { data } = readConfig(flags);
  const answer = await askServer(data, 'server.status', {});
  if (answer === null) throw new AppError('unavailable', 'No server runs on this data directory.');
  if (answer.error !== undefined) throw new AppError('unavailable', answer.error.message);
  const { host, port } = answer.result as { host: string; port: number };
  const health = await askReady(host, port);
  if (values.json === true) console.log(JSON.stringify(health.body));
  if (health.ok) {
    if (values.json !== true) console.log('ready');
    return 0;
  }
  throw new AppError('unavailable', 'The server runs but says that it is not ready.');
}

async function askReady(host: string, port: number): Promise<{ ok: boolean; body: unknown }> {
  const every = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const address = every.includes(':') ? `[${every}]` : every;
  try {
    const response = await fetch(`http://${address}:${port}/readyz`, {
      signal: AbortSignal.timeout(PATIENCE),
    });
    return { ok: response.ok, body: await response.json() };
  } catch (error) {
    throw new AppError('unavailable', 'The server runs but does not answer on its port.', {
      cause: error,
    });
  }
}
