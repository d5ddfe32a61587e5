import type { Page } from 'playwright-core';
import {
  describePhotos,
  dropPhotos,
  expectSame,
  openComposer,
  photoAlts,
  pickPhotos,
  readDescriptions,
  tiles,
  waitForPhotos,
} from '#test/e2e/composer.ts';
import { ask, makeOwner, openAs, type Person } from '#test/e2e/people.ts';
import { notPhoto, plainPhoto } from '#test/e2e/photos.ts';
import { expectThat, type Instance, type Journey, waitFor, watchPage } from '#test/e2e/world.ts';

const alts = ['One', 'Two', 'Three', 'Four'];

/** A reload, a lost connection, a file that is no photo and a hasty finger: nothing is lost, nothing is there twice. */
export const keepDraft: Journey = {
  name: 'keep a draft through everything',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const instance = await world.startInstance();
    const owner = await makeOwner(instance);
    const context = await world.newContext();
    const page = await openAs(context, instance, owner);
    const problems = watchPage(page, instance.url);
    await openComposer(page, instance);

    await reloadInTheMiddle(page);
    await loseTheConnection(page);
    await refuseSomeFiles(page);
    await publishTwiceQuickly(page, instance, owner);

    const network = /net::ERR_|status of (422|415)/;
    const others = problems().filter((text) => !network.test(text));
    expectSame(others, [], 'What the page should not do');
  },
};

/** Words, order, descriptions and photos are there again, those that had arrived and those that had not. */
async function reloadInTheMiddle(page: Page): Promise<void> {
  await pickPhotos(page, [await plainPhoto(1), await plainPhoto(2)]);
  await waitForPhotos(page, 2);
  await describePhotos(page, ['Two', 'One']);
  await page.getByRole('button', { name: 'Move later: Photo 1', exact: true }).click();
  await page.locator('#caption').fill('Half a #story');
  await page.getByText('Place, licence, content warning').click();
  await page.getByLabel('Place (optional)').fill('Harbour');
  // The third is still on its way when the page goes: the server does not answer it.
  await page.route('**/api/v2/media', () => undefined);
  await pickPhotos(page, [await plainPhoto(3)]);
  await page.getByLabel('Describe photo 3').fill('Three');
  await page.locator('.tile-progress').waitFor();
  await page.unroute('**/api/v2/media');
  await page.reload();
  await page.getByText('Your draft is back.').waitFor();
  await waitForPhotos(page, 3);
  expectSame(await readDescriptions(page), ['One', 'Two', 'Three'], 'The draft after a reload');
  const caption = await page.locator('#caption').inputValue();
  const place = await page.getByLabel('Place (optional)').inputValue();
  expectSame([caption, place], ['Half a #story', 'Harbour'], 'The words after a reload');
  const pictures = await page
    .locator('.tile-picture')
    .evaluateAll((all) => all.filter((one) => (one as HTMLImageElement).naturalWidth > 0).length);
  expectThat(pictures === 3, `Only ${pictures} photos are shown after a reload.`);
}

/** A connection that breaks is told at the photo, goes on by hand or by itself. */
async function loseTheConnection(page: Page): Promise<void> {
  await page.route('**/api/v2/media', (route) => route.abort('connectionreset'));
  await dropPhotos(page, [await plainPhoto(4)]);
  await page.getByText('The connection was lost.').waitFor();
  expectThat((await tiles(page).count()) === 4, 'The photo is gone with the connection.');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByText('Some photos did not make it.').waitFor();
  await page.unroute('**/api/v2/media');
  await page.getByRole('button', { name: 'Try again: Photo 4' }).click();
  await waitForPhotos(page, 4);
  await page.getByLabel('Describe photo 4').fill('Four');

  const context = page.context();
  await context.setOffline(true);
  await page.getByText('No connection. Everything is kept here').waitFor();
  await pickPhotos(page, [await plainPhoto(5)]);
  await page.getByText('The connection was lost.').waitFor();
  await context.setOffline(false);
  // Nobody presses anything: back online, it goes on.
  await waitForPhotos(page, 5);
  await page.locator('.tile-failed').waitFor({ state: 'detached' });
}

/** What is no photo gets the server's sentence, what is too many is left out; the others go through. */
async function refuseSomeFiles(page: Page): Promise<void> {
  await pickPhotos(page, [notPhoto(), await plainPhoto(6)]);
  await waitForPhotos(page, 7);
  await page
    .locator('.tile', { has: page.locator('.tile-failed') })
    .getByRole('alert')
    .waitFor();
  const sentence = (await page.locator('.tile .mistake').textContent()) ?? '';
  expectThat(/not a photo|picture/i.test(sentence), `A note is refused with “${sentence}”.`);
  expectThat((await page.locator('.tile-failed').count()) === 1, 'A photo fell with the note.');
  const many = await Promise.all(Array.from({ length: 15 }, (_, at) => plainPhoto(at, 60, 40)));
  await pickPhotos(page, many);
  await page.getByText('A post holds up to 20 photos').waitFor();
  await waitForPhotos(page, 20);
  for (let left = 20; left > 4; left -= 1) {
    await page.getByRole('button', { name: `Remove: Photo ${left}`, exact: true }).click();
  }
  expectSame(await readDescriptions(page), alts, 'The draft after the refusals');
}

/** A lost answer and two quick clicks make one post. */
async function publishTwiceQuickly(page: Page, instance: Instance, owner: Person): Promise<void> {
  const before = await page.locator('#caption').inputValue();
  // The first answer is lost on the way back: the server has published, the page does not know.
  await page.route('**/api/v1/statuses', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  const button = page.getByRole('button', { name: 'Publish', exact: true });
  await button.click();
  await page.getByText('The connection was lost.').waitFor();
  expectThat((await page.locator('#caption').inputValue()) === before, 'The words are gone.');
  await page.unroute('**/api/v1/statuses');
  await button.dblclick();
  await page.waitForURL(/\/@ann\/\d+$/);
  expectSame(await photoAlts(page), alts, 'The post');
  await page.goto(`${instance.url}/compose`);
  await page.locator('.drop-empty').waitFor();
  const count = async () => {
    const me = await ask(instance, owner, 'GET', '/api/v1/accounts/verify_credentials');
    return Number(me.statuses_count);
  };
  await waitFor(
    async () => (await count()) >= 1,
    () => 'There is no post.',
  );
  expectThat((await count()) === 1, `There are ${await count()} posts.`);
}
