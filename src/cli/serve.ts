import type { App } from '#app/app.ts';
import type { Config } from '#base/config/config.ts';
import { environment } from '#base/config/environment.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { AppError } from '#base/core/errors.ts';
import { askServer } from './admin.ts';
import { describeSettings } from './describe-settings.ts';
import { describeReach } from './reach.ts';
import { readServeConfig } from './read-serve-config.ts';
import type { WatchedStart } from './serve-updates.ts';
import { typedCommand } from './typed-command.ts';

/** `tintype serve [DOMAIN …]`: runs the server until SIGTERM or SIGINT, then lets work in progress finish. */
export async function run(argv: string[]): Promise<number> {
  const config = readServeConfig(argv);
  const { goOver, watchStart } = await import('./serve-updates.ts');
  const start = await watchStart(config.data, argv);
  try {
    await serve(config, start);
  } catch (error) {
    start.failed(error);
    throw error;
  }
  await goOver(config.data, argv);
  return 0;
}

async function serve(config: Config, start: WatchedStart): Promise<void> {
  const app = await openWhenFree(config);
  const ended = untilSignal();
  try {
    const { url, isReady } = await app.start();
    start.succeeded(app);
    console.log(await welcome(app, url, isReady));
    await ended;
  } finally {
    await app.stop();
  }
}

/** How https comes about, and every flag of `tintype serve`. */
export function details(): string {
  return `${HTTPS}\n\n${describeSettings()}`;
}

const HTTPS = [
  'With a DOMAIN whose DNS leads to this machine, the server serves https by itself: it obtains the',
  'certificate, renews it, and sends plain http on to https; ports 80 and 443 must be open. Further',
  'names (www.photos.example.org) lead to the first. "tintype service install DOMAIN" makes a service',
  'of it. Behind a proxy that does https:',
  '',
  '  tintype serve --origin https://photos.example.org --listen 127.0.0.1:8080 --trusted-proxies 127.0.0.1',
  '',
  'Without a domain it is plain http on this machine: for a first try.',
].join('\n');

const PATIENCE = 5_000;

// A verb may have the data for a moment; a server that has it answers, and does not go away.
async function openWhenFree(config: Config): Promise<App> {
  const { createApp } = await import('#app/create-app.ts');
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await createApp(config);
    } catch (error) {
      const taken = error instanceof AppError && error.kind === 'conflict';
      if (!taken || Date.now() > end) throw error;
      if ((await askServer(config.data, 'server.status', {})) !== null) throw error;
      await Bun.sleep(100);
    }
  }
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        resolve();
        // Whoever asks twice does not want to wait.
        process.on(signal, () => process.exit(1));
      });
    }
  });
}

async function welcome(app: App, url: string, isReady: boolean): Promise<string> {
  const { isSetUp } = await import('#domain/accounts/setup-state.ts');
  const { createSetupCode } = await import('#domain/accounts/setup-code.ts');
  const lines = [
    `Tintype ${buildInfo.version} is ready: ${url}`,
    `Everything lies in ${app.ctx.files.root}`,
  ];
  if (!isReady) lines.push('Its certificate is on its way; https answers as soon as it is there.');
  const { host, port } = app.ctx.config.listen;
  let path = '/';
  if (!isSetUp(app.ctx.db)) {
    path = `/setup?code=${createSetupCode(app.ctx).code}`;
    lines.push(
      '',
      'Make your account with this link; it works once and for 30 minutes:',
      '',
      `  ${url}${path}`,
      '',
      'A fresh one, if you need it:',
      `  ${typedCommand('setup-link', app.ctx.config.data)}`,
    );
  }
  if (app.ctx.config.origin === null) lines.push(...describeReach(environment(), host, port, path));
  return lines.join('\n');
}
