import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildExecutables, executable } from './build.ts';
import { chromium, installPackages, missingPackages, node } from './debian.ts';
import { installDependencies } from './install.ts';
import { capture, root } from './process.ts';
import { bunTest, conclude, empty, type Result, staticChecks, tell, testFiles } from './steps.ts';
import { hostTarget, targets } from './targets.ts';

/**
 * `bun run test`: everything. It installs what is missing, builds the executables, and runs the
 * groups so that the two heavy kinds (binary under qemu, browser) do not disturb each other.
 * The last line is `N passed, N failed`.
 */
async function testAll(): Promise<Result[]> {
  await installDependencies();
  const missing = missingPackages();
  if (missing.length > 0) await installPackages(missing);
  await buildExecutables(targets);
  const statics = await Promise.all(staticChecks());
  const slow = ['test/api', 'test/federation', 'test/operations', 'test/threats'];
  const rest = ['test/binary', 'test/e2e', ...slow];
  const unit = await testFiles(['src', 'test', 'web', 'scripts'], rest);
  const [api, binary] = [await testFiles(slow), await testFiles(['test/binary'])];
  const bun = async (): Promise<Result[]> => [
    await bunTest('architecture, unit', unit, 2),
    await bunTest('API, federation, operations, threats', api, 2, executables()),
  ];
  const paths = executables();
  const groups = await Promise.all([bun(), bunTest('binary', binary, 1, paths)]);
  return [...statics, ...groups.flat(), await browserTests(paths)];
}

/** Where the tests find the files: the one of this machine and the one that qemu runs. */
function executables(): Record<string, string> {
  const host = hostTarget();
  const arm = targets.find(({ cpu }) => cpu === 'arm64');
  if (host === undefined || arm === undefined) {
    throw new Error('The tests of the executable need Linux on x64 or arm64.');
  }
  return { TINTYPE_BINARY: executable(host), TINTYPE_BINARY_ARM64: executable(arm) };
}

/** The journeys in Chromium, under Node: playwright has hung under Bun again and again. */
async function browserTests(paths: Record<string, string>): Promise<Result> {
  const name = 'browser';
  const entry = join(root, 'test/e2e/run.ts');
  if (!existsSync(entry)) return tell(empty(name, 'test/e2e/run.ts is not there yet.'));
  const outfile = join(root, 'build/e2e/run.mjs');
  try {
    await bundleForNode(entry, outfile);
  } catch (error) {
    return tell(empty(name, String(error)));
  }
  const browser = chromium() ?? '';
  const env = { ...process.env, ...paths, TINTYPE_CHROMIUM: browser, NO_COLOR: '1' };
  const { code, output, seconds } = await capture([node() ?? 'node', outfile], { env });
  const counts = /^e2e: (\d+) passed, (\d+) failed$/m.exec(output);
  const [passed, failed] = [Number(counts?.[1] ?? 0), Number(counts?.[2] ?? 0)];
  const unseen = failed === 0 && (code !== 0 || counts === null) ? 1 : 0;
  return tell({ name, passed, failed: failed + unseen, seconds, output });
}

async function bundleForNode(entry: string, outfile: string): Promise<void> {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  });
}

try {
  process.exit(conclude(await testAll()));
} catch (error) {
  const output = error instanceof Error ? error.message : String(error);
  process.exit(conclude([empty('before the tests', output)]));
}
