import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import axe from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { expectSame } from '#test/e2e/composer.ts';
import { makeOwner, openAs, publish } from '#test/e2e/people.ts';
import { plainPhoto } from '#test/e2e/photos.ts';
import { expectThat, type Journey, type World, watchPage } from '#test/e2e/world.ts';

/** Asks for an archive of everything, fetches it, unpacks it and opens the gallery from the disk, without any network. */
export const takeAlong: Journey = {
  name: 'take everything along',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const instance = await world.startInstance();
    const owner = await makeOwner(instance);
    const shapes = [plainPhoto(1), plainPhoto(2, 360, 480), plainPhoto(3, 800, 300)];
    await publish(instance, owner, { photos: await Promise.all(shapes), caption: 'A walk #coast' });
    await publish(instance, owner, { photos: [await plainPhoto(4)], caption: 'Crème brûlée 🍮' });
    const context = await world.newContext({ colorScheme: 'light' });
    const page = await openAs(context, instance, owner);
    const problems = watchPage(page, instance.url);
    await page.goto(`${instance.url}/settings/account`);
    await page.getByRole('link', { name: 'make an archive' }).click();
    await page.getByRole('button', { name: 'Make an archive' }).click();
    const link = page.getByRole('link', { name: 'Download' });
    // It comes by itself; nobody has to load the page again.
    await link.waitFor({ timeout: 60_000 });
    const folder = mkdtempSync(join(tmpdir(), 'tintype-along-'));
    try {
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      expectThat(/^tintype-ann-.*\.zip$/.test(download.suggestedFilename()), 'An odd name.');
      await download.saveAs(join(folder, 'a.zip'));
      expectSame(problems(), [], 'What the page should not do');
      await unpack(folder);
      await lookAt(world, folder);
      await askAxe(world, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function unpack(folder: string): Promise<void> {
  const reader = new ZipReader(new Uint8ArrayReader(readFileSync(join(folder, 'a.zip'))));
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue;
    const path = join(folder, 'all', entry.filename);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await entry.getData(new Uint8ArrayWriter()));
  }
  await reader.close();
}

async function lookAt(world: World, folder: string): Promise<void> {
  const context = await world.newContext({ colorScheme: 'dark' });
  await context.setOffline(true);
  const { page, problems } = await openGallery(context, join(folder, 'all', 'index.html'));
  const tiles = page.locator('a.tile');
  expectThat((await tiles.count()) === 4, `There are ${await tiles.count()} tiles.`);
  for (const image of await tiles.locator('img').all()) {
    await image.evaluate((each) => (each as HTMLImageElement).decode());
  }
  await page.getByRole('searchbox').fill('creme');
  await page.getByText('1 photo', { exact: true }).waitFor();
  expectThat((await tiles.count()) === 1, 'The search finds too much.');
  await page.getByRole('searchbox').fill('#coast');
  await page.getByText('3 photos', { exact: true }).waitFor();
  await tiles.first().focus();
  await page.keyboard.press('Enter');
  const viewer = page.getByRole('dialog');
  await viewer.getByText('A walk #coast').waitFor();
  await viewer.locator('img.viewer-photo').evaluate((each) => (each as HTMLImageElement).decode());
  await page.keyboard.press('ArrowRight');
  await viewer.getByText('2 of 3').waitFor();
  if (world.width === 'phone') await swipe(page);
  else await viewer.getByRole('button', { name: 'Next photo' }).click();
  await viewer.getByText('3 of 3').waitFor();
  await page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
  // It goes there when the tiles are drawn, a moment after the viewer has gone.
  const focused = page.locator('a.tile:focus');
  await focused.waitFor({ timeout: 5000 }).catch(() => undefined);
  const href = await page.evaluate(() => document.activeElement?.getAttribute('href'));
  expectThat(/^#photo\/\d+\/3$/.test(href ?? ''), `The focus went to ${href}.`);
  expectSame(problems, [], 'What the gallery should not do');
}

/** axe finds nothing in the grid and in the viewer, in either theme. */
async function askAxe(world: World, folder: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await world.newContext({ bypassCSP: true, colorScheme });
    await context.addInitScript(axe.source);
    const { page } = await openGallery(context, join(folder, 'all', 'index.html'));
    const ask = () =>
      page.evaluate(async () => {
        const tool = (globalThis as unknown as { axe: typeof axe }).axe;
        return (await tool.run()).violations.map(({ id }) => id);
      });
    expectSame(await ask(), [], `What axe finds in the ${colorScheme} grid`);
    await page.locator('a.tile').first().click();
    await page.getByRole('dialog').waitFor();
    expectSame(await ask(), [], `What axe finds in the ${colorScheme} viewer`);
  }
}

async function openGallery(context: BrowserContext, path: string) {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => {
    if (!/^(?:file|data):/.test(request.url())) problems.push(request.url());
  });
  await page.goto(pathToFileURL(path).href);
  await page.locator('a.tile').first().waitFor();
  return { page, problems };
}

async function swipe(page: Page): Promise<void> {
  const box = await page.locator('.viewer-stage').boundingBox();
  const [x, y] = [(box?.width ?? 0) / 2, (box?.height ?? 0) / 2];
  await page.mouse.move(x + 100, y);
  await page.mouse.down();
  await page.mouse.move(x - 100, y, { steps: 5 });
  await page.mouse.up();
}
