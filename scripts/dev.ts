import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { installDependencies } from './install.ts';
import { root } from './process.ts';
import { bundleOptions } from './web.ts';

/**
 * `bun run dev`: the server from source, started again when a file of it changes. esbuild watches
 * what the browser loads and writes it below `build/dev/`, from where `dev-assets.ts` serves it.
 */
await installDependencies();
const outdir = join(root, 'build', 'dev');
rmSync(outdir, { recursive: true, force: true });
const { context } = await import('esbuild');
const watcher = await context({
  ...(await bundleOptions()),
  outdir,
  sourcemap: 'inline',
  logLevel: 'warning',
});
await watcher.watch();

const server = Bun.spawn(
  [
    process.execPath,
    '--watch',
    '--no-clear-screen',
    '--preload',
    join(root, 'scripts', 'dev-assets.ts'),
    join(root, 'src', 'main.ts'),
    'serve',
    ...Bun.argv.slice(2),
  ],
  { cwd: root, stdio: ['inherit', 'inherit', 'inherit'] },
);
// A terminal sends Ctrl-C to both; SIGTERM comes to this process only.
process.on('SIGTERM', () => server.kill('SIGTERM'));
process.on('SIGINT', () => {});
const code = await server.exited;
await watcher.dispose();
process.exit(code);
