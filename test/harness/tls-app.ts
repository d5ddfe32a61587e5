import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node } from '#scripts/debian.ts';
import { imagesHere } from '#test/media/images-here.ts';
import {
  buildRequest,
  createTestApp,
  PASSWORD,
  type Person,
  type RequestOptions,
  type TestApp,
  type TestAppOptions,
} from './app.ts';
import { makeHome, runVerb, startBinary } from './binary.ts';
import { openTlsFront, TLS_HOST, type TlsFront } from './tls.ts';

/** What an app and the browser that lets it in need of a server. */
type Reached = {
  readonly front: TlsFront;
  request(path: string, options?: RequestOptions): Promise<Response>;
};

/** A whole server, started, that apps reach as `https://photos.test`. */
export type TlsApp = TestApp & {
  readonly front: TlsFront;
  readonly people: Record<string, Person>;
};

/** The built executable behind the same address. */
export type TlsBinary = Reached & {
  /** Where it listens without TLS. */
  readonly url: string;
  readonly output: () => string;
  /** Runs a verb beside it; answers what it printed. */
  verb(args: string[], stdin?: string): Promise<string>;
  close(): Promise<void>;
};

/** Opens one with these people in it; the first is the owner. */
export async function createTlsApp(
  names: readonly string[],
  options: TestAppOptions = {},
): Promise<TlsApp> {
  const { config, ...rest } = options;
  const origin = `https://${TLS_HOST}`;
  const app = await createTestApp({
    images: imagesHere(),
    ...rest,
    config: { origin, rates: false, ...config },
  });
  const people: Record<string, Person> = {};
  for (const [index, name] of names.entries()) {
    people[name] = await app.person(name, index === 0 ? 'owner' : 'member');
  }
  await app.app.start();
  const front = await openTlsFront(app.ctx.config.listen.port);
  const close = async (): Promise<void> => {
    await front.close();
    await app.close();
  };
  return { ...app, front, people, close };
}

/** Starts the executable with these people in it; the first is the owner. */
export async function createTlsBinary(names: readonly string[]): Promise<TlsBinary> {
  const home = makeHome();
  const args = ['--origin', `https://${TLS_HOST}`, '--rates', 'off', '--mode', 'community'];
  const server = await startBinary(home, { args });
  const verb = async (words: string[], stdin = ''): Promise<string> => {
    const ended = await runVerb(home, [...words, '--data', home.data], { stdin });
    if (ended.code !== 0) throw new Error(`tintype ${words.join(' ')}: ${ended.stderr}`);
    return ended.stdout.trim();
  };
  for (const [index, name] of names.entries()) {
    const email = ['--email', `${name}@example.org`, '--password-stdin'];
    const owner = index === 0 ? ['--owner'] : [];
    await verb(['account', 'create', name, ...email, ...owner], `${PASSWORD}\n`);
  }
  const front = await openTlsFront(Number(new URL(server.url).port));
  return {
    ...{ front, verb, url: server.url, output: server.output },
    request: (path, how = {}) => {
      const { method, headers, body } = buildRequest(path, how);
      return fetch(new URL(path, server.url), { method, headers, body, redirect: 'manual' });
    },
    close: async () => {
      await front.close();
      await server.stop();
      home.remove();
    },
  };
}

/** What an app did, step by step. */
export type Journey = { steps: string[]; failures: string[] };

/**
 * Runs an app of `test/clients` as a process of its own, under Bun or bundled under Node, and plays
 * the browser for it: when it asks to be let in, the person with that name says yes.
 */
export async function runClient(
  app: Reached,
  script: string,
  runtime: 'bun' | 'node',
  args: readonly string[] = [],
): Promise<Journey> {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-client-'));
  const entry = join(import.meta.dir, '../clients', script);
  const command =
    runtime === 'bun' ? [process.execPath, entry] : [nodePath(), await bundle(entry, folder)];
  const child = Bun.spawn([...command, ...args], {
    env: {
      PATH: process.env.PATH ?? '',
      NODE_EXTRA_CA_CERTS: app.front.caFile,
      TLS_PORT: String(app.front.port),
      ...(runtime === 'bun' ? { HTTPS_PROXY: app.front.tunnel } : {}),
    },
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const journey: Journey = { steps: [], failures: [] };
  const complaints = new Response(child.stderr).text();
  for await (const line of linesOf(child.stdout)) {
    const said = JSON.parse(line) as Said;
    if ('authorize' in said) {
      const answer = await letIn(app, said).catch((error) =>
        `error ${error}`.replaceAll('\n', ' '),
      );
      child.stdin.write(`${answer}\n`);
      child.stdin.flush();
    } else if ('failed' in said) journey.failures.push(`${said.failed}: ${said.error}`);
    else journey.steps.push(said.done);
  }
  const code = await child.exited;
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0) journey.failures.push(`ended with ${code}: ${await complaints}`);
  return journey;
}

type Said =
  | { authorize: string; as: string }
  | { done: string }
  | { failed: string; error: string };

/**
 * What a person's browser does: open the page, sign in with the password, come back, press the
 * button; answers where that leads.
 */
async function letIn(app: Reached, said: { authorize: string; as: string }): Promise<string> {
  const { pathname, search } = new URL(said.authorize);
  const headers = { 'sec-fetch-site': 'same-origin', origin: `https://${TLS_HOST}` };
  const before = await app.request(`${pathname}${search}`, { headers });
  const signIn = new URL(before.headers.get('location') ?? '/', `https://${TLS_HOST}`);
  const next = signIn.searchParams.get('next') ?? '';
  const form = { username: said.as, password: PASSWORD, next };
  const signedIn = await app.request('/sign-in', { form, headers });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((each) => each.split(';', 1)[0])
    .join('; ');
  const back = signedIn.headers.get('location') ?? '';
  if (cookie === '' || back !== next) throw new Error(`Signed in, but led to ${back}.`);
  const page = await app.request(back, { headers: { ...headers, cookie } });
  const html = await page.text();
  if (page.status !== 200) throw new Error(`The page answered ${page.status}: ${html}`);
  const body = new URLSearchParams({ ...hiddenFields(html), decision: 'allow' });
  const answer = await app.request('/oauth/authorize', { body, headers: { ...headers, cookie } });
  const shown = await answer.text();
  const code = /value="([\w-]{30,})"/.exec(shown)?.[1];
  const place = answer.headers.get('location');
  if (place === null && code === undefined) throw new Error(`${answer.status}: ${shown}`);
  return place ?? `urn:ietf:wg:oauth:2.0:oob?code=${code}`;
}

function hiddenFields(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [input] of html.matchAll(/<input [^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1] ?? '';
    fields[name] = plainText(/value="([^"]*)"/.exec(input)?.[1] ?? '');
  }
  return fields;
}

function plainText(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

function nodePath(): string {
  const path = node();
  if (path === null) throw new Error('This test needs the Debian package nodejs.');
  return path;
}

async function bundle(entry: string, outdir: string): Promise<string> {
  const built = await Bun.build({
    entrypoints: [entry],
    outdir,
    target: 'node',
    format: 'esm',
    naming: '[name].mjs',
  });
  const [file] = built.outputs;
  if (!built.success || !file) throw new Error(built.logs.map(String).join('\n'));
  return file.path;
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const parts = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
    rest = parts.pop() ?? '';
    yield* parts.filter((line) => line.startsWith('{'));
  }
}
