import { installDependencies } from './install.ts';
import { bunTest, conclude, staticChecks, testFiles } from './steps.ts';
import { buildWeb } from './web.ts';

// What needs the executable, a browser or its time.
const slowTests = [
  'test/api',
  'test/binary',
  'test/e2e',
  'test/federation',
  'test/operations',
  'test/threats',
];

/**
 * `bun run check`: the part of the checks that fits between two edits. Types, lint, format, dead
 * code, the architecture, and every test that needs neither the executable nor a browser.
 */
try {
  await installDependencies();
  await buildWeb();
  const statics = await Promise.all(staticChecks());
  const files = await testFiles(['src', 'test', 'web', 'scripts'], slowTests);
  process.exit(conclude([...statics, await bunTest('architecture, unit', files, 2)]));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
