import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export type Width = 'phone' | 'desktop';

/** One running executable on an empty directory of its own. */
export type Instance = {
  url: string;
  data: string;
  /** The one-time link that `serve` printed. */
  setupLink: string;
  output: () => string;
  verb: (args: string[], stdin?: string) => Promise<string>;
  stop: () => Promise<void>;
};

export type World = {
  browser: Browser;
  width: Width;
  newContext: (options?: ContextOptions) => Promise<BrowserContext>;
  /** With an address, other instances on loopback reach it there over plain http. */
  startInstance: (args?: string[], address?: string) => Promise<Instance>;
};
/** A world as the runner holds it. */
export type LivingWorld = World & { contexts: BrowserContext[]; end: () => Promise<void> };

/** One thing that a person does from beginning to end, at each of its widths. */
export type Journey = {
  name: string;
  widths: readonly Width[];
  run: (world: World) => Promise<void>;
};
export type ContextOptions = {
  javaScriptEnabled?: boolean;
  colorScheme?: 'light' | 'dark';
  /** Only to bring a test's own script in. */
  bypassCSP?: boolean;
};

export const OWNER = {
  username: 'ann',
  email: 'ann@example.org',
  password: 'correct horse battery',
};

/** Debian's Chromium with an empty profile and nothing that looks outside. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.TINTYPE_CHROMIUM || '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** What a journey is given: contexts of its width and instances, all of them gone at the end. */
export function createWorld(browser: Browser, width: Width): LivingWorld {
  const contexts: BrowserContext[] = [];
  const instances: Instance[] = [];
  return {
    browser,
    width,
    contexts,
    newContext: async (options = {}) => {
      const phone = width === 'phone';
      const context = await browser.newContext({
        viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
        hasTouch: phone,
        isMobile: phone,
        deviceScaleFactor: phone ? 2 : 1,
        reducedMotion: 'reduce',
        ...options,
      });
      context.setDefaultTimeout(15_000);
      contexts.push(context);
      return context;
    },
    startInstance: async (args = [], address) => {
      const instance = await startInstance(args, address);
      instances.push(instance);
      return instance;
    },
    end: async () => {
      await Promise.all(contexts.map((context) => context.close()));
      await Promise.all(instances.map((instance) => instance.stop()));
    },
  };
}

async function startInstance(args: string[], address?: string): Promise<Instance> {
  const binary = process.env.TINTYPE_BINARY;
  if (binary === undefined) throw new Error('TINTYPE_BINARY names no executable.');
  const data = mkdtempSync(join(tmpdir(), 'tintype-e2e-'));
  // A port that is free now may be somebody else's a moment later.
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    const url = address === undefined ? `http://localhost:${port}` : `http://${address}:${port}`;
    const listen = ['--data', data, '--listen', `${address ?? '127.0.0.1'}:${port}`];
    const near = ['--origin', url, '--federation-allow-addresses', '127.0.0.0/8'];
    const flags = [...listen, ...(address === undefined ? [] : near), ...args];
    const { child, output, ready } = await serve(binary, flags);
    if (!ready && tries < 3 && child.exitCode !== null) continue;
    if (!ready) throw new Error(`The server did not start:\n${output()}`);
    return {
      url,
      data,
      setupLink: /https?:\/\/\S*\/setup\S*/.exec(output())?.[0] ?? '',
      output,
      verb: (verbArgs, stdin = '') => runVerb(binary, [...verbArgs, '--data', data], stdin),
      stop: async () => {
        await endProcess(child);
        rmSync(data, { recursive: true, force: true });
      },
    };
  }
}

/** Starts a server; `ready` is false if it ended or said nothing within 15 s. */
async function serve(
  binary: string,
  args: string[],
): Promise<{ child: ChildProcess; output: () => string; ready: boolean }> {
  const child = spawn(binary, ['serve', ...args], { env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  const last = () => child.kill('SIGKILL');
  process.once('exit', last);
  child.on('exit', () => process.off('exit', last));
  let text = '';
  child.stdout.on('data', (chunk) => (text += String(chunk)));
  child.stderr.on('data', (chunk) => (text += String(chunk)));
  // Its own word: another server on this port would answer `/readyz` just as well.
  const ready = () => text.includes(' is ready: ');
  await waitFor(
    () => ready() || child.exitCode !== null,
    () => '',
  ).catch(() => undefined);
  return { child, output: () => text, ready: ready() };
}

function runVerb(binary: string, args: string[], stdin: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { env: {}, stdio: ['pipe', 'pipe', 'pipe'] });
    let text = '';
    let problem = '';
    child.stdout.on('data', (chunk) => (text += String(chunk)));
    child.stderr.on('data', (chunk) => (problem += String(chunk)));
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0
        ? resolve(text)
        : reject(new Error(`tintype ${args.join(' ')}: ${code} ${problem}`)),
    );
    // A verb that asks for nothing may be gone before its standard input is closed.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
  });
}

function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const hard = setTimeout(() => child.kill('SIGKILL'), 12_000);
    child.on('exit', () => {
      clearTimeout(hard);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    // On every address, so that nobody has the port on `::1` either, which `localhost` may mean.
    server.listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Asks again every 20 ms until `check` is true; throws with `problem()` after `ms`. */
export async function waitFor(
  check: () => Promise<boolean> | boolean,
  problem: () => string,
  ms = 15_000,
): Promise<void> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(problem());
}

/** Fails with a sentence: the only assertion that journeys need beside Playwright's waiting. */
export function expectThat(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence);
}

/** Collects everything that a page should never do: console errors, CSP refusals, requests to other hosts. */
export function watchPage(page: Page, origin: string): () => string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && !url.startsWith(origin))
      problems.push(`foreign request: ${url}`);
  });
  return () => problems;
}
