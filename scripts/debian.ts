import { existsSync } from 'node:fs';
import { run } from './process.ts';

/** Debian packages that the tests need and this machine lacks. */
export function missingPackages(): string[] {
  const missing: string[] = [];
  if (chromium() === null) missing.push('chromium');
  if (node() === null) missing.push('nodejs');
  if (Bun.which('openssl') === null) missing.push('openssl');
  if (process.arch === 'x64') {
    if (Bun.which('qemu-aarch64-static') === null) missing.push('qemu-user-static');
    const folder = '/usr/lib/aarch64-linux-gnu';
    if (!existsSync('/lib/ld-linux-aarch64.so.1')) missing.push('libc6:arm64');
    if (!existsSync(`${folder}/libstdc++.so.6`)) missing.push('libstdc++6:arm64');
  }
  return missing;
}

/** Installs packages with apt where that is allowed; otherwise stops and says what to install. */
export async function installPackages(packages: string[]): Promise<void> {
  const foreign = packages.some((name) => name.endsWith(':arm64'));
  const commands = [
    ...(foreign ? [['dpkg', '--add-architecture', 'arm64']] : []),
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages],
  ];
  const before = await mayInstall();
  if (before === null) {
    const lines = commands.map((command) => `  sudo ${command.join(' ')}`);
    throw new Error(
      `The tests need these Debian packages. Install them and start again:\n${lines.join('\n')}`,
    );
  }
  console.log(`Installing ${packages.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const command of commands) await run([...before, ...command], { env });
  const still = missingPackages();
  if (still.length > 0)
    throw new Error(`apt ran, but these are still missing: ${still.join(', ')}.`);
}

/** The system's Chromium, or null. */
export function chromium(): string | null {
  return Bun.which('chromium') ?? Bun.which('chromium-browser') ?? Bun.which('google-chrome');
}

/** The system's Node, never the stand-in that Bun puts in front of PATH; null without one. */
export function node(): string | null {
  const folders = (process.env.PATH ?? '').split(':');
  const PATH = folders.filter((folder) => !folder.includes('/bun-node-')).join(':');
  return Bun.which('node', { PATH });
}

/** What goes before a command that needs root: nothing, sudo without a password, or null. */
async function mayInstall(): Promise<string[] | null> {
  if (Bun.which('apt-get') === null) return null;
  if (process.getuid?.() === 0) return [];
  if (Bun.which('sudo') === null) return null;
  const sudo = Bun.spawn(['sudo', '-n', 'true'], { stdio: ['ignore', 'ignore', 'ignore'] });
  return (await sudo.exited) === 0 ? ['sudo', '-n', '--preserve-env=DEBIAN_FRONTEND'] : null;
}
