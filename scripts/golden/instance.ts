import { createServer } from 'node:net';
import { join } from 'node:path';

/** One server of the executable that is to be remembered, spoken with as apps do. */
export type Instance = {
  data: string;
  origin: string;
  /** Tokens of the people that were made, by name. */
  tokens: Record<string, string>;
  person(name: string, role: 'owner' | 'member'): Promise<void>;
  verb(...args: string[]): Promise<string>;
  /** Speaks JSON with the API; throws for a refusal. */
  api<T = { id: string }>(as: string, method: string, path: string, json?: unknown): Promise<T>;
  upload(as: string, bytes: Buffer, more: Record<string, string>): Promise<string>;
  stop(): Promise<void>;
};

const PASSWORD = 'a long password for later';

/** Starts an executable on a fresh data directory; ready when it resolves. */
export async function startInstance(
  executable: string,
  data: string,
  address: string,
): Promise<Instance> {
  const host = `${address}:${await freePort(address)}`;
  const origin = `http://${host}`;
  const server = Bun.spawn(
    [
      ...[executable, 'serve', '--data', data, '--listen', host, '--origin', origin],
      ...['--mode', 'community', '--federation-allow-addresses', '127.0.0.0/8', '--rates', 'off'],
    ],
    { env: {}, stdout: 'ignore', stderr: 'ignore' },
  );
  await until(async () => (await fetch(`${origin}/readyz`).catch(() => null))?.ok === true);
  const tokens: Record<string, string> = {};
  const verb = (...args: string[]) => runVerb(executable, [...args, '--data', data]);
  const send = async (
    as: string,
    method: string,
    path: string,
    body: BodyInit | null,
    type = '',
  ) => {
    const headers = {
      authorization: `Bearer ${tokens[as]}`,
      ...(type && { 'content-type': type }),
    };
    const answer = await fetch(`${origin}${path}`, { method, headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} as ${as}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  return {
    data,
    origin,
    tokens,
    verb,
    person: async (name, role) => {
      const mail = ['--email', `${name}@example.org`, '--password-stdin'];
      const owner = role === 'owner' ? ['--owner'] : [];
      await verb('account', 'create', name, ...mail, ...owner);
      tokens[name] = (
        await verb('account', 'token', name, '--scopes', 'read write follow push')
      ).trim();
    },
    api: (as, method, path, json) =>
      send(as, method, path, json === undefined ? null : JSON.stringify(json), 'application/json'),
    upload: async (as, bytes, more) => {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(bytes)]), 'IMG_0001.jpg');
      for (const [name, value] of Object.entries(more)) form.append(name, value);
      return (await send(as, 'POST', '/api/v2/media', form)).id;
    },
    stop: async () => {
      server.kill('SIGTERM');
      await server.exited;
    },
  };
}

/** Waits for something, at most half a minute. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('It did not come to that.');
    await Bun.sleep(50);
  }
}

async function runVerb(executable: string, args: string[]): Promise<string> {
  const child = Bun.spawn([executable, ...args], {
    env: {},
    cwd: join(executable, '..'),
    stdin: new Blob([`${PASSWORD}\n`]),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0) throw new Error(`${args.join(' ')}: ${err}`);
  return out;
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('There is no port.'));
        else resolve(address.port);
      });
    });
  });
}
