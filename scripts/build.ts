import { existsSync, linkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compile, type Stamp } from './compile.ts';
import { fingerprint, isFresh, setFresh } from './fingerprint.ts';
import { installDependencies } from './install.ts';
import { bringNative } from './native.ts';
import { capture, root } from './process.ts';
import { measure, printSizes, type Sizes, storeSizes } from './sizes.ts';
import { aliases, hostTarget, type Target, targets } from './targets.ts';
import { buildWeb } from './web.ts';

/**
 * Builds the executables of the targets, those that are not fresh, and stores their sizes, which are
 * printed too unless somebody waits for a server and not for a build.
 */
export async function buildExecutables(
  wanted: readonly Target[],
  options: { printSizes: boolean } = { printSizes: true },
): Promise<void> {
  await installDependencies();
  await buildWeb();
  const stamp = await stampOfCheckout();
  const sizes: Record<string, Sizes> = {};
  for (const target of wanted) {
    const outfile = executable(target);
    const mark = await fingerprint(inputs, [target.name, JSON.stringify(stamp)]);
    if (existsSync(outfile) && (await isFresh(target.name, mark))) continue;
    console.log(`Building ${outfile.slice(root.length + 1)} …`);
    const parts = await bringNative(target);
    const bundled = await compile(target, parts, stamp, outfile);
    sizes[target.name] = await measure(outfile, parts, bundled);
    await setFresh(target.name, mark);
  }
  if (Object.keys(sizes).length === 0) return;
  const all = await storeSizes(sizes);
  if (options.printSizes) printSizes(all);
}

/**
 * Builds this machine's executable under another version, for tests of updates, and gives its path.
 */
export async function buildAs(version: string): Promise<string> {
  const target = hostTarget();
  if (target === undefined) throw new Error('No executable is built for this kind of machine.');
  await installDependencies();
  await buildWeb();
  const outfile = join(root, 'build', 'as', version, 'tintype');
  const stamp = { ...(await stampOfCheckout()), version };
  const mark = await fingerprint(inputs, [target.name, JSON.stringify(stamp)]);
  if (!existsSync(outfile) || !(await isFresh(`as-${version}`, mark))) {
    await compile(target, await bringNative(target), stamp, outfile);
    await setFresh(`as-${version}`, mark);
  }
  return outfile;
}

/** Where the executable of a target lies: this machine's own has the plain name. */
export function executable(target: Target): string {
  const name = target === hostTarget() ? 'tintype' : `tintype-${target.name}`;
  return join(root, 'dist', name);
}

const inputs = [
  'src/**/*',
  'web/**/*',
  'build/assets.ts',
  'scripts/{build,compile,native,targets}.ts',
  'package.json',
  'tsconfig.json',
  'bun.lock',
];

/** Commit and its date, so that one commit gives one file; SOURCE_DATE_EPOCH (seconds) goes first. */
async function stampOfCheckout(): Promise<Stamp> {
  const git = async (...args: string[]): Promise<string> => {
    try {
      const { code, output } = await capture(['git', ...args]);
      return code === 0 ? output.trim() : '';
    } catch {
      return '';
    }
  };
  const hash = await git('rev-parse', '--short=12', 'HEAD');
  const changed = hash !== '' && (await git('status', '--porcelain', '--', 'src', 'web')) !== '';
  const seconds = process.env.SOURCE_DATE_EPOCH ?? (await git('log', '-1', '--format=%ct'));
  return {
    commit: changed ? `${hash}+` : hash,
    builtAt: /^\d+$/.test(seconds) ? new Date(Number(seconds) * 1000).toISOString() : '',
  };
}

function choose(names: string[]): Target[] {
  const host = hostTarget();
  if (names.length === 0) {
    if (host === undefined) throw new Error('No executable is built for this kind of machine.');
    return [host];
  }
  if (names.includes('all')) return [...targets];
  return names.map((name) => {
    const target = targets.find((one) => one.name === (aliases[name] ?? name));
    if (target !== undefined) return target;
    const known = [...targets.map((one) => one.name), ...Object.keys(aliases), 'all'];
    throw new Error(`There is no target "${name}". There are: ${known.join(', ')}.`);
  });
}

/** A target that was asked for by another name is found under that name, too. */
function linkAliases(names: string[]): void {
  for (const name of names) {
    const target = targets.find((one) => one.name === aliases[name]);
    if (target === undefined) continue;
    const path = join(root, 'dist', `tintype-${name}`);
    rmSync(path, { force: true });
    linkSync(executable(target), path);
    console.log(`dist/tintype-${name} is the same file: Bun for x64 needs no AVX2.`);
  }
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      options: { target: { type: 'string', multiple: true }, as: { type: 'string' } },
    });
    const names = values.target ?? [];
    if (values.as !== undefined) {
      console.log(await buildAs(values.as));
    } else {
      await buildExecutables(choose(names));
      linkAliases(names);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
