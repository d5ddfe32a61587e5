import { buildExecutables, executable } from './build.ts';
import { installDependencies } from './install.ts';
import { become, root } from './process.ts';
import { hostTarget } from './targets.ts';
import { buildWeb } from './web.ts';

/**
 * `bun start`: brings a checkout to a running server, and hands its flags on to `tintype serve`.
 * It runs the executable, because that takes two seconds to build and is what a release is; only
 * where none is built (another system than Linux) it runs from source.
 */
async function start(flags: string[]): Promise<never> {
  const command = await prepare();
  // A small machine keeps one process, and a signal reaches the server itself.
  return become([...command, 'serve', ...flags]);
}

async function prepare(): Promise<string[]> {
  const target = hostTarget();
  if (target === undefined) {
    await installDependencies();
    await buildWeb();
    return [process.execPath, `${root}/src/main.ts`];
  }
  await buildExecutables([target], { printSizes: false });
  return [executable(target)];
}

try {
  await start(Bun.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
