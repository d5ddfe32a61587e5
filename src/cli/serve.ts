import type { App } from '#app/app.ts';
import type { Config } from '#base/config/config.ts';
import { environment } from '#base/config/environment.ts';
import { parseOrigin } from '#base/config/parse-origin.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { AppError } from '#base/core/errors.ts';
import { askServer } from './admin.ts';
import { describeSettings } from './describe-settings.ts';
import { describeReach } from './reach.ts';
import { readArguments } from './read-arguments.ts';
import { readConfig } from './settings.ts';
import { typedCommand } from './typed-command.ts';
import { UsageError } from './usage-error.ts';

/** `tintype serve [DOMAIN]`: runs the server until SIGTERM or SIGINT, then lets work in progress finish. */
export async function run(argv: string[]): Promise<number> {
  const { flags, names } = readArguments(argv, { settings: 'all', most: 1 });
  const [domain] = names;
  const config = readConfig(domain === undefined ? flags : withDomain(flags, domain));
  const app = await openWhenFree(config);
  const ended = untilSignal();
  try {
    const { url } = await app.start();
    console.log(await welcome(app, url));
    await ended;
  } finally {
    await app.stop();
  }
  return 0;
}

/** Every flag of `tintype serve`. */
export function details(): string {
  return describeSettings();
}

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

// A domain alone means that people reach it by https, through a proxy for now.
function withDomain(flags: Record<string, string>, domain: string): Record<string, string> {
  const origin = parseOrigin(`https://${domain}`);
  if (origin === null) throw new UsageError(`"${domain}" is no domain like photos.example.org`);
  if (flags.origin !== undefined) throw new UsageError('It is either DOMAIN or --origin');
  return { ...flags, origin };
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

async function welcome(app: App, url: string): Promise<string> {
  const { isSetUp } = await import('#domain/accounts/setup-state.ts');
  const { createSetupCode } = await import('#domain/accounts/setup-code.ts');
  const lines = [
    `Tintype ${buildInfo.version} is ready: ${url}`,
    `Everything lies in ${app.ctx.files.root}`,
  ];
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
