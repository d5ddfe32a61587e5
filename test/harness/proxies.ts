import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianTool } from '#scripts/debian.ts';
import { root } from '#scripts/process.ts';
import { freePort } from './binary.ts';
import { makeAuthority, makeLeaf } from './openssl.ts';

export const PROXY_NAME = 'photos.example.org';

/** A proxy that runs the configuration of `docs/https.md`, on ports of its own. */
export type RunningProxy = {
  httpsPort: number;
  httpPort: number;
  output(): string;
  close(): Promise<void>;
};

/** What stands in `docs/https.md` below the mark of a proxy. */
export function documented(proxy: 'caddy' | 'nginx'): string {
  const text = readFileSync(join(root, 'docs/https.md'), 'utf8');
  const found = new RegExp(`<!-- ${proxy}: [^>]*-->\\n\`\`\`\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1];
  if (found === undefined) throw new Error(`docs/https.md has no configuration of ${proxy}.`);
  return found;
}

/** Starts Debian's caddy or nginx in front of `port`; only ports and certificates are changed. */
export async function startProxy(kind: 'caddy' | 'nginx', port: number): Promise<RunningProxy> {
  const folder = mkdtempSync(join(tmpdir(), `tintype-${kind}-`));
  chmodSync(folder, 0o755);
  await makeAuthority(folder);
  await makeLeaf(folder, 'proxy', [`DNS:${PROXY_NAME}`]);
  const [httpsPort, httpPort] = await Promise.all([freePort(), freePort()]);
  const facts = { folder, port, httpsPort, httpPort };
  const command = kind === 'caddy' ? await setUpCaddy(facts) : await setUpNginx(facts);
  const child = Bun.spawn(command, {
    cwd: folder,
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    void (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of stream) log.push(decoder.decode(chunk, { stream: true }));
    })();
  }
  const output = (): string => log.join('');
  await untilReady(httpsPort, () => child.exitCode !== null, output);
  return {
    httpsPort,
    httpPort,
    output,
    close: async () => {
      // Caddy waits for whoever keeps a connection; nginx has children that it has to end itself.
      child.kill(kind === 'caddy' ? 'SIGKILL' : 'SIGTERM');
      await child.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Facts = { folder: string; port: number; httpsPort: number; httpPort: number };

async function setUpCaddy({ folder, port, httpsPort, httpPort }: Facts): Promise<string[]> {
  const here = `{
  admin off
  default_bind 127.0.0.1
  https_port ${httpsPort}
  http_port ${httpPort}
}
`;
  const certificate = `tls ${join(folder, 'proxy.pem')} ${join(folder, 'proxy.key')}`;
  const text = documented('caddy')
    .replace(`${PROXY_NAME} {\n`, `${PROXY_NAME} {\n\t${certificate}\n`)
    .replace('127.0.0.1:8080', `127.0.0.1:${port}`);
  await Bun.write(join(folder, 'Caddyfile'), here + text);
  return [tool('usr/bin/caddy'), 'run', '--config', 'Caddyfile', '--adapter', 'caddyfile'];
}

async function setUpNginx({ folder, port, httpsPort, httpPort }: Facts): Promise<string[]> {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  mkdirSync(join(folder, 'tmp'));
  const text = documented('nginx')
    .replaceAll(/^ *listen \[::\].*\n/gm, '')
    .replace('listen 80;', `listen 127.0.0.1:${httpPort};`)
    .replace('listen 443 ', `listen 127.0.0.1:${httpsPort} `)
    .replaceAll(`/etc/letsencrypt/live/${PROXY_NAME}/fullchain.pem`, join(folder, 'proxy.pem'))
    .replaceAll(`/etc/letsencrypt/live/${PROXY_NAME}/privkey.pem`, join(folder, 'proxy.key'))
    .replace('http://127.0.0.1:8080', `http://127.0.0.1:${port}`);
  const here = `daemon off;
pid ${join(folder, 'nginx.pid')};
error_log stderr;
worker_processes 1;
events {}
http {
access_log off;
${temp.map((name) => `${name}_temp_path ${join(folder, 'tmp', name)};`).join('\n')}
${text}
}
`;
  await Bun.write(join(folder, 'nginx.conf'), here);
  return [tool('usr/sbin/nginx'), '-p', folder, '-c', 'nginx.conf', '-e', 'stderr'];
}

function tool(path: string): string {
  const found = debianTool(path);
  if (found !== null) return found;
  throw new Error(`Debian's ${path} is needed: "bun run test" unpacks it.`);
}

export type Through = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
};

/** Asks through a proxy on `port`, as somebody on the address `from` of this machine. */
export function askThrough(
  port: number,
  path: string,
  options: {
    from?: string;
    method?: string;
    headers?: Record<string, string>;
    body?: AsyncIterable<Uint8Array>;
    /** Called with what came so far; true ends the request. */
    enough?: (text: string) => boolean;
  } = {},
): Promise<Through> {
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      servername: PROXY_NAME,
      localAddress: options.from ?? '127.0.0.1',
      rejectUnauthorized: false,
      method: options.method ?? 'GET',
      headers: { host: PROXY_NAME, ...options.headers },
    });
    asked.on('error', reject);
    asked.on('response', (answer) => {
      const parts: Buffer[] = [];
      const done = (): void =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(parts),
        });
      answer.on('data', (part: Buffer) => {
        parts.push(part);
        if (options.enough?.(Buffer.concat(parts).toString()) !== true) return;
        done();
        asked.destroy();
      });
      answer.on('end', done);
      answer.on('error', reject);
    });
    void send(asked, options.body).catch(reject);
  });
}

async function send(
  asked: ReturnType<typeof request>,
  body: AsyncIterable<Uint8Array> | undefined,
): Promise<void> {
  for await (const part of body ?? []) {
    if (!asked.write(part))
      await new Promise((resolve) => asked.once('drain', () => resolve(null)));
  }
  asked.end();
}

async function untilReady(port: number, ended: () => boolean, output: () => string): Promise<void> {
  const end = Date.now() + 10_000;
  while (Date.now() < end) {
    if (ended()) break;
    const answer = await askThrough(port, '/livez').catch(() => null);
    if (answer?.status === 200) return;
    await Bun.sleep(50);
  }
  throw new Error(`The proxy does not lead to the server:\n${output().slice(0, 2000)}`);
}
