import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture, root } from './process.ts';
import { bunVersion, type Target } from './targets.ts';

/** A file of this machine that goes into an executable. */
export type NativePart = { path: string; sha256: string };

/** The parts of an executable that are not JavaScript: Bun itself, sharp's binding, and libvips. */
export type NativeParts = { bun: string; binding: NativePart; libvips: NativePart };

/**
 * Brings Bun, sharp's binding and libvips for a target below `build/native/`, through the package
 * manager's own settings (registry, proxy, cache). Versions and checksums are those of `bun.lock`
 * and `targets.ts`; anything else is refused.
 */
export async function bringNative(target: Target): Promise<NativeParts> {
  const binding = `@img/sharp-${target.sharp}`;
  const library = `@img/sharp-libvips-${target.sharp}`;
  const modules = await bringSharp(target, [binding, library]);
  return {
    bun: await bringBun(target),
    binding: await only(join(modules, binding, 'lib'), '*.node'),
    libvips: await only(join(modules, library, 'lib'), 'libvips-cpp.so.*'),
  };
}

/** The folder of node_modules that holds the packages: the checkout's own where they fit this machine. */
async function bringSharp(target: Target, names: string[]): Promise<string> {
  const locked = await Promise.all(names.map(lockedPackage));
  const own = join(root, 'node_modules');
  if (await holds(own, locked)) return own;
  const folder = join(root, 'build', 'native', target.name, 'sharp');
  if (!(await holds(join(folder, 'node_modules'), locked))) await install(folder, target, locked);
  return join(folder, 'node_modules');
}

async function bringBun(target: Target): Promise<string> {
  if ((await sha256(process.execPath)) === target.bunSha256) return process.execPath;
  const folder = join(root, 'build', 'native', target.name, 'bun');
  const path = join(folder, 'node_modules', target.bunPackage, 'bin', 'bun');
  if ((await sha256(path)) === target.bunSha256) return path;
  await install(folder, target, [
    { name: target.bunPackage, version: bunVersion, integrity: null },
  ]);
  if ((await sha256(path)) !== target.bunSha256) {
    throw new Error(
      `The executable in ${target.bunPackage}@${bunVersion} is not the one expected.`,
    );
  }
  return path;
}

type LockedPackage = { name: string; version: string; integrity: string | null };

async function lockedPackage(name: string): Promise<LockedPackage> {
  const found = await readLock(root, name);
  if (found === null) throw new Error(`bun.lock does not name ${name}.`);
  return found;
}

/** Reads one package's version and integrity out of a `bun.lock`. */
async function readLock(folder: string, name: string): Promise<LockedPackage | null> {
  const text = await Bun.file(join(folder, 'bun.lock')).text();
  const line = text.split('\n').find((row) => row.trimStart().startsWith(`"${name}": [`));
  const match = line?.match(/\["[^"]*@([^"@]+)".*"(sha512-[^"]+)"\]/);
  return match?.[1] && match[2] ? { name, version: match[1], integrity: match[2] } : null;
}

async function holds(modules: string, packages: LockedPackage[]): Promise<boolean> {
  for (const { name, version } of packages) {
    const file = Bun.file(join(modules, name, 'package.json'));
    if (!(await file.exists()) || (await file.json()).version !== version) return false;
  }
  return true;
}

async function install(folder: string, target: Target, packages: LockedPackage[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const dependencies = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  const manifest = { name: 'tintype-native', private: true, dependencies };
  await Bun.write(join(folder, 'package.json'), JSON.stringify(manifest));
  const { code, output } = await capture(
    [
      process.execPath,
      'install',
      `--os=${target.os}`,
      `--cpu=${target.cpu}`,
      '--ignore-scripts',
      '--no-progress',
    ],
    { cwd: folder },
  );
  if (code !== 0) throw new Error(`Fetching the parts for ${target.name} failed:\n${output}`);
  for (const { name, integrity } of packages) {
    const got = await readLock(folder, name);
    if (integrity !== null && got?.integrity !== integrity) {
      rmSync(folder, { recursive: true });
      throw new Error(`${name} from the registry is not the one in bun.lock.`);
    }
  }
}

async function only(folder: string, pattern: string): Promise<NativePart> {
  const found = await Array.fromAsync(new Bun.Glob(pattern).scan({ cwd: folder, absolute: true }));
  const [path] = found;
  if (path === undefined || found.length !== 1) {
    throw new Error(`Expected one ${pattern} in ${folder}, found ${found.length}.`);
  }
  return { path, sha256: await sha256(path) };
}

async function sha256(path: string): Promise<string> {
  const file = Bun.file(path);
  if (!(await file.exists())) return '';
  return new Bun.CryptoHasher('sha256').update(await file.bytes()).digest('hex');
}
