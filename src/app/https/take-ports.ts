import { requireFreePort } from '#app/listen.ts';
import type { HttpsConfig } from '#base/config/config.ts';
import { AppError } from '#base/core/errors.ts';

type At = { host: string; port: number };

/**
 * Where both ports are to be opened, after a look whether they are to be had; throws with what to do if
 * one is not. `::` becomes `0.0.0.0` on a machine without IPv6.
 */
export async function takePorts(
  { listen, redirectListen, names }: HttpsConfig,
  origin: string,
): Promise<{ secure: At; plain: At }> {
  const name = names[0] ?? '';
  return {
    secure: await findHost(listen, (error) => explain(listen.port, name, origin, error)),
    plain: await findHost(redirectListen, (error) =>
      explain(redirectListen.port, name, origin, error),
    ),
  };
}

async function findHost(at: At, say: (error: unknown) => unknown): Promise<At> {
  try {
    await requireFreePort(at);
    return at;
  } catch (error) {
    const told = error instanceof AppError ? error : null;
    if (at.host !== '::' || told?.kind !== 'unavailable') throw say(error);
  }
  try {
    await requireFreePort({ ...at, host: '0.0.0.0' });
    return { ...at, host: '0.0.0.0' };
  } catch (error) {
    throw say(error);
  }
}

function explain(port: number, name: string, origin: string, error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  if (error.kind === 'conflict') {
    return new AppError(
      'conflict',
      `Port ${port} is taken by another program. If that is a web server that shall stay (nginx, caddy, apache2), let it stand in front: tintype serve --origin ${origin} --listen 127.0.0.1:8080 --trusted-proxies 127.0.0.1. "ss -ltnp" shows who has the port.`,
      { cause: error },
    );
  }
  if (error.kind === 'forbidden') {
    return new AppError(
      'forbidden',
      `Port ${port} needs rights that this user does not have. Best let "sudo tintype service install ${name}" make a service with just this right; or give it to the program: sudo setcap cap_net_bind_service=+ep ${process.execPath}`,
      { cause: error },
    );
  }
  return error;
}
