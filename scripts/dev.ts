import { watch } from 'node:fs';
import { join } from 'node:path';
import { installDependencies } from './install.ts';
import { follow, root } from './process.ts';
import { buildWeb } from './web.ts';

/**
 * `bun run dev`: the server from source, started again when a file of it changes; the web files are
 * built again when one of theirs does, which changes `build/assets.ts` and so restarts it as well.
 */
await installDependencies();
await buildWeb();

let timer: ReturnType<typeof setTimeout> | undefined;
watch(join(root, 'web'), { recursive: true }, () => {
  clearTimeout(timer);
  timer = setTimeout(rebuild, 80);
});

async function rebuild(): Promise<void> {
  try {
    if (await buildWeb()) console.log('Web files built.');
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
}

process.exit(
  await follow([
    process.execPath,
    '--watch',
    '--no-clear-screen',
    join(root, 'src/main.ts'),
    'serve',
    ...Bun.argv.slice(2),
  ]),
);
