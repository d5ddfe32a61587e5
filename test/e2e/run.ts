import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { journeys } from './journeys.ts';
import { createWorld, type LivingWorld, launchBrowser, type Width } from './world.ts';

/**
 * Runs every journey at phone and desktop width under Node (Playwright has hung under Bun again and
 * again) against the executable named by TINTYPE_BINARY. Arguments narrow the journeys by name.
 */
const wanted = process.argv.slice(2);
const pictures = process.env.TINTYPE_E2E_PICTURES;
if (pictures !== undefined) mkdirSync(pictures, { recursive: true });

process.setMaxListeners(50);
let passed = 0;
let failed = 0;
const browser = await launchBrowser();
const waiting = journeys
  .filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .flatMap((journey) => journey.widths.map((width) => ({ journey, width })));
// Two at a time: much of a journey is waiting, and every one has its own server and contexts.
const lane = async (): Promise<void> => {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    await runOne(next.journey, next.width);
  }
};
await Promise.all([lane(), lane()]);
await browser.close();
process.stdout.write(`e2e: ${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

async function runOne(journey: (typeof journeys)[number], width: Width): Promise<void> {
  const world = createWorld(browser, width);
  const begun = Date.now();
  const limit = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error('The journey took longer than 4 minutes.')), 240_000).unref(),
  );
  try {
    await Promise.race([journey.run(world), limit]);
    passed += 1;
    process.stdout.write(`ok    ${journey.name} (${width}, ${Date.now() - begun} ms)\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(
      `FAIL  ${journey.name} (${width}): ${error instanceof Error ? error.stack : error}\n`,
    );
    await takePictures(world, journey.name, width);
  } finally {
    await world.end();
  }
}

/** What every open page showed when a journey failed, if somebody wants to see it. */
async function takePictures(world: LivingWorld, name: string, width: Width): Promise<void> {
  if (pictures === undefined) return;
  const pages = world.contexts.flatMap((context) => context.pages());
  for (const [index, page] of pages.entries()) {
    const file = `${name}-${width}-${index}.png`.replaceAll(/[^a-z0-9.-]+/gi, '-');
    await page.screenshot({ path: join(pictures, file) }).catch(() => undefined);
  }
}
