import type { Page } from 'playwright-core';
import { fetchAll, watchBodies } from '#test/e2e/bodies.ts';
import {
  describePhotos,
  dropPhotos,
  expectSame,
  openComposer,
  photoAlts,
  pickPhotos,
  publishDraft,
  readDescriptions,
  tiles,
  waitForPhotos,
} from '#test/e2e/composer.ts';
import { makeOwner, openAs } from '#test/e2e/people.ts';
import { twelvePhotos, warm } from '#test/e2e/photos.ts';
import { countFrames, readPixels } from '#test/e2e/pixels.ts';
import { findPositions } from '#test/e2e/positions.ts';
import { expectThat, type Instance, type Journey, type World, watchPage } from '#test/e2e/world.ts';

const turned = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `Turned as EXIF ${n}`);
const alts = [...turned, 'From the iPhone', 'A warm colour', 'A tall one', 'A wave'];

/** The main job: twelve files straight from a phone become a post that a stranger without a script looks at. */
export const publishTwelve: Journey = {
  name: 'publish twelve photos',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const instance = await world.startInstance();
    const owner = await makeOwner(instance);
    const context = await world.newContext();
    const page = await openAs(context, instance, owner);
    const problems = watchPage(page, instance.url);
    await page.goto(`${instance.url}/settings/posting`);
    await page.getByLabel('Let others download them').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').first().waitFor();

    const order = await composeTwelve(world, page, instance);
    const path = await publishDraft(page);
    expectSame(await photoAlts(page), order, 'The post');
    await checkPictures(page, order);

    await page.goto(`${instance.url}/@ann`);
    await page.locator(`a[href="${path}"]`).waitFor();
    expectSame(problems(), [], 'What the page should not do');
    await visitAsStranger(world, instance, path, order);
  },
};

/** Drops or picks the files, watches them arrive, writes, reorders; gives the alt texts in the final order. */
async function composeTwelve(world: World, page: Page, instance: Instance): Promise<string[]> {
  const photos = await twelvePhotos();
  await openComposer(page, instance);
  if (world.width === 'desktop') await dropPhotos(page, photos);
  else await pickPhotos(page, photos);
  // All are there at once, two on their way, the others wait.
  await page.locator('.tile-progress progress').first().waitFor();
  await page.getByText('Waits for its turn').first().waitFor();
  await page.locator('#caption').fill('Everything from the phone #holiday');
  await page.getByText('#holiday', { exact: true }).waitFor();
  await describePhotos(page, alts);
  await waitForPhotos(page, 12);
  expectThat((await page.locator('.tile-failed').count()) === 0, 'A photo was not taken.');

  const order = [...alts];
  if (world.width === 'desktop') {
    // Both in sight: a person does not scroll while dragging either.
    await tiles(page).nth(11).scrollIntoViewIfNeeded();
    await tiles(page).nth(11).dragTo(tiles(page).nth(9));
    order.splice(9, 0, ...order.splice(11, 1));
  } else {
    await page.getByRole('button', { name: 'Move earlier: Photo 12' }).click();
    await page.getByText('Photo 12 is now photo 11 of 12.').waitFor();
    order.splice(10, 0, ...order.splice(11, 1));
  }
  await page.getByRole('button', { name: 'Move later: Photo 1', exact: true }).click();
  order.splice(1, 0, ...order.splice(0, 1));
  expectSame(await readDescriptions(page), order, 'The draft');
  return order;
}

/** Every photo of the post is upright, keeps its colour, and moves if it moved. */
async function checkPictures(page: Page, order: readonly string[]): Promise<void> {
  const links = page.locator('.post-photos .photo-link');
  const large = await links.evaluateAll((all) =>
    all.map((link) => link.getAttribute('data-photo')),
  );
  const pick = (alt: string) => large[order.indexOf(alt)] ?? '';
  for (const alt of turned) {
    const { quarters, width, height } = await readPixels(page, pick(alt));
    expectThat(quarters === 'RGBY', `${alt} is shown as ${quarters}.`);
    expectThat(width > height, `${alt} is ${width} × ${height}.`);
  }
  const { centre } = await readPixels(page, pick('A warm colour'));
  const off = Math.max(...warm.map((part, at) => Math.abs(part - (centre[at] ?? 0))));
  expectThat(off < 10, `The wide-gamut photo is shown as ${centre}, not ${warm}.`);
  const tall = await readPixels(page, pick('A tall one'));
  expectThat(tall.height > tall.width, 'The AVIF lost its shape.');
  expectThat((await countFrames(page, pick('A wave'))) === 5, 'The GIF does not move any more.');
}

/** Somebody with JavaScript off: profile, post, full size, download; no position in any byte. */
async function visitAsStranger(
  world: World,
  instance: Instance,
  path: string,
  order: readonly string[],
): Promise<void> {
  const context = await world.newContext({ javaScriptEnabled: false });
  const bodies = watchBodies(context);
  const page = await context.newPage();
  await page.goto(`${instance.url}/@ann`);
  await page.locator(`a[href="${path}"]`).click();
  await page.waitForURL(`**${path}`);
  expectSame(await photoAlts(page), order, 'The post without a script');
  await page.getByRole('link', { name: '#holiday' }).waitFor();
  await page.locator('.post-photos .photo-link').first().click();
  await page.waitForURL(`**${path}/photo/1`);
  for (let n = 1; n < 12; n += 1) {
    await page.locator('a[rel=next]').click();
    await page.waitForURL(`**${path}/photo/${n + 1}`);
  }
  const last = await page.locator('.viewer-photo').getAttribute('alt');
  expectThat(last === order.at(-1), `The last photo is “${last}”.`);

  await page.goto(`${instance.url}${path}`);
  const downloads = await page
    .locator('a[download]')
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
  expectThat(downloads.length === 12, `${downloads.length} originals are offered.`);
  for (const address of downloads) {
    const answer = await context.request.get(address);
    expectThat(answer.ok(), `${address}: ${answer.status()}`);
    const found = findPositions(await answer.body());
    expectSame(found, [], `The download ${address}`);
  }
  const seen = await bodies.findPositions();
  expectSame(seen, [], 'What a stranger was sent');
  const api = [`/api/v1/statuses${path.slice(path.lastIndexOf('/'))}`, '/api/v1/timelines/public'];
  const all = await fetchAll(instance.url, [
    '/',
    '/@ann',
    '/@ann.atom',
    path,
    '/tags/holiday',
    ...api,
  ]);
  expectSame(all.positions, [], 'What the server sends');
  expectThat(all.media.length >= 36, `Only ${all.media.length} files were found to look at.`);
}
