import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { takePorts } from '#app/https/take-ports.ts';
import { requireFreePort } from '#app/listen.ts';
import type { Config } from '#base/config/config.ts';
import { flagOf } from '#base/config/key-names.ts';
import { AppError } from '#base/core/errors.ts';
import { ownExecutable } from '#base/platform/own-executable.ts';
import { askServer } from './admin.ts';
import { readArguments } from './read-arguments.ts';
import { readServeConfig } from './read-serve-config.ts';
import {
  EXECUTABLE,
  planInstall,
  planUninstall,
  SERVICE,
  SERVICE_DATA,
  UNIT_PATH,
} from './service-plan.ts';
import { describeSteps, doSteps, type Step } from './service-steps.ts';
import { UsageError } from './usage-error.ts';

const STARTS_WITHIN = 20_000;

/** `tintype service install|uninstall|status`: a systemd service of its own user. */
export async function run(argv: string[]): Promise<number> {
  const [what = '', ...rest] = argv;
  const said = readArguments(rest, {
    settings: 'all',
    options: {
      'dry-run': { type: 'boolean' },
      user: { type: 'string' },
      json: { type: 'boolean' },
    },
    most: what === 'install' ? 10 : 0,
  });
  const { flags, names, values } = said;
  const data = flags.data ?? SERVICE_DATA;
  const isDry = values['dry-run'] === true;
  if (what === 'install') return install(names, { ...flags, data }, userName(values.user), isDry);
  if (what === 'uninstall') return uninstall(data, isDry);
  if (what === 'status') return status(data, values.json === true);
  throw new UsageError(
    what === '' ? 'Something is missing' : `There is no "tintype service ${what}"`,
  );
}

/** What `tintype service` does to the machine. */
export function details(): string {
  return [
    'install     makes a system user, copies this executable to /usr/local/bin/tintype, writes a systemd',
    '            unit that may write nothing but the data, and starts it now and with the machine. With a',
    '            DOMAIN it serves https by itself; behind a proxy: --origin https://DOMAIN. Further flags',
    '            are those of "tintype serve". Installing again changes what is different.',
    'uninstall   removes service and executable; the data stay',
    'status      whether it runs, and since when there is a certificate',
    '',
    '  --dry-run     only print what would be done',
    '  --user NAME   the system user (tintype)',
    `  --data DIR    where everything lies (${SERVICE_DATA})`,
  ].join('\n');
}

async function install(
  names: string[],
  flags: Record<string, string>,
  user: string,
  isDry: boolean,
): Promise<number> {
  const { data = SERVICE_DATA, ...others } = withProxy(names, flags);
  const args = [...names, ...Object.entries(others).flatMap(([flag, text]) => [`--${flag}`, text])];
  const config = readServeConfig([...args, '--data', data]);
  const executable = ownExecutable();
  if (executable === null && !isDry) {
    throw new AppError('invalid', 'Build the executable first ("bun run build"), and start that.');
  }
  const isActive = await succeeds(['systemctl', 'is-active', '--quiet', SERVICE]);
  const account = findUser(user);
  const steps = planInstall({
    ...{ config, args, user, userExists: account !== null, isActive },
    executable: executable ?? EXECUTABLE,
  });
  const ports = isActive ? null : await findPortProblem(config);
  if (isDry) {
    console.log(describeSteps(steps));
    if (ports !== null) console.log(`\n# ${ports}`);
    return 0;
  }
  requireMachine(`service install ${args.join(' ')}`);
  if (ports !== null) throw new AppError('conflict', ports);
  refuseOthersData(config.data, user, account?.uid ?? null);
  await doSteps(steps);
  await greet(config);
  return 0;
}

// A service without a name listens on loopback, so the proxy is on this machine.
function withProxy(names: string[], flags: Record<string, string>): Record<string, string> {
  const trust = flagOf('trusted_proxies');
  const isBehind = names.length === 0 && flags.origin?.startsWith('https:') === true;
  return isBehind && flags[trust] === undefined ? { ...flags, [trust]: '127.0.0.1' } : flags;
}

async function uninstall(data: string, isDry: boolean): Promise<number> {
  const steps: Step[] = planUninstall();
  if (isDry) {
    console.log(describeSteps(steps));
    return 0;
  }
  requireMachine('service uninstall');
  if (!existsSync(UNIT_PATH)) throw new AppError('not_found', 'There is no service of Tintype.');
  await doSteps(steps);
  console.log(`\nEverything that was published stays in ${data}.`);
  return 0;
}

async function status(data: string, isJson: boolean): Promise<number> {
  const isInstalled = existsSync(UNIT_PATH);
  const state = async (...words: string[]) =>
    await succeeds(['systemctl', ...words, '--quiet', SERVICE]);
  const [isActive, isEnabled] = [await state('is-active'), await state('is-enabled')];
  // Only root and the service's own user may ask it.
  const answer = await askServer(data, 'server.status', {}).catch(() => null);
  const server = answer?.error === undefined ? (answer?.result ?? null) : null;
  if (isJson) {
    console.log(JSON.stringify({ isInstalled, isActive, isEnabled, server }, null, 2));
    return isActive ? 0 : 1;
  }
  if (!isInstalled) {
    console.log('There is no service. Make one with: sudo tintype service install DOMAIN');
    return 1;
  }
  console.log(isActive ? 'The service runs.' : 'The service does not run: journalctl -u tintype');
  console.log(isEnabled ? 'It starts with the machine.' : 'It does not start with the machine.');
  const url = typeof server === 'object' && server !== null && 'url' in server ? server.url : null;
  if (url !== null) console.log(`It is reached at ${url}`);
  return isActive ? 0 : 1;
}

function userName(said: string | boolean | undefined): string {
  if (said === undefined) return 'tintype';
  const isName = typeof said === 'string' && /^[a-z_][a-z0-9_-]{0,30}$/.test(said);
  if (!isName || said === 'root')
    throw new UsageError('--user is a name like tintype, and not root');
  return said;
}

function requireMachine(verb: string): void {
  if (!existsSync('/run/systemd/system')) {
    throw new AppError(
      'unavailable',
      'This machine does not run systemd. Let what it has start "tintype serve" instead (OpenRC, runit, a line "@reboot" in crontab), or use a container (README, Docker). --dry-run shows what systemd would have been told.',
    );
  }
  if (process.getuid?.() === 0) return;
  throw new AppError(
    'forbidden',
    `This changes the system, so root has to do it: sudo ${process.execPath} ${verb.trim()} (with --dry-run it only says what it would do)`,
  );
}

function findUser(name: string): { uid: number } | null {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const found = lines.map((line) => line.split(':')).find((fields) => fields[0] === name);
  return found === undefined ? null : { uid: Number(found[2]) };
}

function refuseOthersData(data: string, user: string, uid: number | null): void {
  const owner = statSync(join(data, 'tintype.db'), { throwIfNoEntry: false })?.uid;
  if (owner === undefined || owner === uid) return;
  throw new AppError(
    'conflict',
    uid === null
      ? `The data in ${data} belong to another user. Name that one with --user, or make ${user} first (useradd --system ${user}) and hand them over: chown -R ${user}: ${data}`
      : `The data in ${data} belong to another user. Hand them over first: chown -R ${user}: ${data}`,
  );
}

async function findPortProblem({ https, listen, origin }: Config): Promise<string | null> {
  try {
    if (https.names.length > 0) await takePorts(https, origin ?? '');
    else await requireFreePort(listen);
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Without root the low ports cannot be tried; the service will have that right.
    return error.kind === 'forbidden' ? null : error.message;
  }
}

async function succeeds(command: string[]): Promise<boolean> {
  if (Bun.which(command[0] ?? '') === null) return false;
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' });
  return (await child.exited) === 0;
}

/** Waits until the service answers, and passes its set-up link on. */
async function greet({ data }: Config): Promise<void> {
  const end = Date.now() + STARTS_WITHIN;
  while ((await askServer(data, 'server.status', {}).catch(() => null)) === null) {
    if (Date.now() > end) {
      throw new AppError('unavailable', 'The service did not come up: journalctl -u tintype -n 50');
    }
    await Bun.sleep(200);
  }
  console.log('\nTintype runs as a service. Its log: journalctl -u tintype');
  const link = await askServer(data, 'setup.link', {});
  const url =
    link?.error === undefined ? (link?.result as { url?: string } | undefined)?.url : null;
  if (url) console.log(`\nMake your account with this link:\n\n  ${url}\n`);
  console.log(`Verbs go to it with its data: sudo tintype doctor --data ${data}`);
}
