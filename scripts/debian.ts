import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture, root, run } from './process.ts';

/**
 * Servers that tests start themselves, on ports of their own. Their packages are unpacked below `build`
 * and not installed: installing would start services on the ports of this machine.
 */
const unpacked = {
  pebble: ['usr/bin/pebble', 'usr/bin/pebble-challtestsrv'],
  caddy: ['usr/bin/caddy'],
  nginx: ['usr/sbin/nginx'],
} as const;
type Unpacked = keyof typeof unpacked;

const shelf = join(root, 'build/debian');

/** Debian packages that the tests need and this machine lacks. */
export function missingPackages(): string[] {
  const missing: string[] = [];
  if (chromium() === null) missing.push('chromium');
  if (node() === null) missing.push('nodejs');
  if (Bun.which('openssl') === null) missing.push('openssl');
  if (Bun.which('systemd-analyze') === null) missing.push('systemd');
  for (const [name, paths] of Object.entries(unpacked)) {
    if (paths.some((path) => debianTool(path) === null)) missing.push(name);
  }
  if (process.arch === 'x64') {
    if (Bun.which('qemu-aarch64-static') === null) missing.push('qemu-user-static');
    const folder = '/usr/lib/aarch64-linux-gnu';
    if (!existsSync('/lib/ld-linux-aarch64.so.1')) missing.push('libc6:arm64');
    if (!existsSync(`${folder}/libstdc++.so.6`)) missing.push('libstdc++6:arm64');
  }
  return missing;
}

/** Gets packages with apt where that is allowed; otherwise stops and says what to install. */
export async function installPackages(packages: string[]): Promise<void> {
  const toUnpack = packages.filter((name) => Object.hasOwn(unpacked, name)) as Unpacked[];
  const toInstall = packages.filter((name) => !Object.hasOwn(unpacked, name));
  const before = await mayInstall();
  if (toInstall.length > 0) await install(toInstall, before);
  if (toUnpack.length > 0) await unpack(toUnpack, before);
  const still = missingPackages();
  if (still.length > 0)
    throw new Error(`apt ran, but these are still missing: ${still.join(', ')}.`);
}

async function install(packages: string[], before: string[] | null): Promise<void> {
  const foreign = packages.some((name) => name.endsWith(':arm64'));
  const commands = [
    ...(foreign ? [['dpkg', '--add-architecture', 'arm64']] : []),
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages],
  ];
  if (before === null) {
    const lines = commands.map((command) => `  sudo ${command.join(' ')}`);
    throw new Error(
      `The tests need these Debian packages. Install them and start again:\n${lines.join('\n')}`,
    );
  }
  console.log(`Installing ${packages.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const command of commands) await run([...before, ...command], { env });
}

/** Downloading needs no rights, but the lists of packages that `apt-get update` fetches. */
async function unpack(packages: Unpacked[], before: string[] | null): Promise<void> {
  const folder = join(shelf, `download-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const alone = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : [];
  const command = ['apt-get', ...alone, 'download', '-qq', ...packages];
  try {
    console.log(`Unpacking ${packages.join(', ')} …`);
    let got = await fetchPackages(command, folder);
    if (got !== 0 && before !== null) {
      await run([...before, 'apt-get', 'update', '-qq']);
      got = await fetchPackages(command, folder);
    }
    if (got !== 0) {
      throw new Error(
        `The tests need these programs of Debian: ${packages.join(', ')}. Fetch the lists of packages and start again (the packages themselves are unpacked below build/, not installed):\n  sudo apt-get update`,
      );
    }
    for (const file of new Bun.Glob('*.deb').scanSync({ cwd: folder })) {
      await run(['dpkg-deb', '-x', join(folder, file), shelf]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fetchPackages(command: string[], cwd: string): Promise<number> {
  if (Bun.which('apt-get') === null || Bun.which('dpkg-deb') === null) return 1;
  return (await capture(command, { cwd })).code;
}

/** A program of Debian, as installed (`usr/bin/caddy`) or unpacked below `build`; null without it. */
export function debianTool(path: string): string | null {
  return [join('/', path), join(shelf, path)].find((each) => existsSync(each)) ?? null;
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
