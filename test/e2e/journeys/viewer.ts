import type { Page } from 'playwright-core';
import { expectSame } from '#test/e2e/composer.ts';
import { makeOwner, openAs, publish } from '#test/e2e/people.ts';
import { orientedJpeg, plainPhoto } from '#test/e2e/photos.ts';
import { findPositions } from '#test/e2e/positions.ts';
import { expectThat, type Journey, watchPage } from '#test/e2e/world.ts';

/** Looks at photos over the whole window: keys, fingers, zoom, address, the way back, the download. */
export const viewer: Journey = {
  name: 'look at photos in the viewer',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const instance = await world.startInstance();
    const owner = await makeOwner(instance);
    const photos = [await plainPhoto(1, 1600, 1200), await orientedJpeg(6), await plainPhoto(3)];
    const post = await publish(instance, owner, { photos });
    const path = `/@ann/${post.id}`;
    const context = await world.newContext();
    const page = await context.newPage();
    const problems = watchPage(page, instance.url);
    await page.goto(instance.url + path);

    const opener = page.locator('.photo-link').first();
    await opener.click();
    await page.locator('dialog.viewer[open]').waitFor();
    await isAt(page, `${path}/photo/1`, 'Photo 1 of 3');
    await page.keyboard.press('ArrowRight');
    await isAt(page, `${path}/photo/2`, 'Photo 2 of 3');
    await page.keyboard.press('ArrowLeft');
    await isAt(page, `${path}/photo/1`, 'Photo 1 of 3');
    await zoomInAndOut(page);
    if (world.width === 'phone') {
      await swipe(page, -1);
      await isAt(page, `${path}/photo/2`, 'Photo 2 of 3');
      await swipe(page, 1);
      await isAt(page, `${path}/photo/1`, 'Photo 1 of 3');
      await doubleTap(page);
      await page.locator('.is-zoomed').waitFor();
      await doubleTap(page);
      await page.locator('.is-zoomed').waitFor({ state: 'detached' });
    } else {
      await page.getByRole('button', { name: 'Next photo' }).last().click();
      await isAt(page, `${path}/photo/2`, 'Photo 2 of 3');
    }
    const link = page.locator('dialog [data-download]');
    expectThat(await link.isHidden(), 'A download is offered unasked.');

    // The address of what is open is a page of its own, for whoever gets the link.
    const shared = await (await world.newContext()).newPage();
    await shared.goto(page.url());
    await shared.locator('.viewer-page .viewer-photo').waitFor();
    const next = Number(page.url().slice(-1)) + 1;
    await shared.keyboard.press('ArrowRight');
    await shared.waitForURL(`**${path}/photo/${next}`);
    await shared.keyboard.press('Escape');
    await shared.waitForURL(`**${path}`);

    await page.keyboard.press('Escape');
    await closed(page, path);
    await opener.press('Enter');
    await page.locator('dialog.viewer[open]').waitFor();
    await page.goBack();
    await closed(page, path);

    const settings = await openAs(await world.newContext(), instance, owner);
    await settings.goto(`${instance.url}/settings/posting`);
    await settings.getByLabel('Let others download them').check();
    await settings.getByRole('button', { name: 'Save' }).click();
    await settings.getByText('saved').first().waitFor();
    await page.reload();
    await opener.click();
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const stream = await download.createReadStream();
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    const bytes = Buffer.concat(parts);
    expectThat(bytes.length > 1000, 'The download is empty.');
    expectSame(findPositions(bytes), [], 'The download');
    expectSame(problems(), [], 'What the page should not do');
  },
};

async function isAt(page: Page, path: string, count: string): Promise<void> {
  await page.locator('.viewer-count', { hasText: count }).waitFor();
  expectThat(new URL(page.url()).pathname === path, `The address is ${page.url()}, not ${path}.`);
}

/** The viewer is gone, the address is that of the post, the focus is on the photo. */
async function closed(page: Page, path: string): Promise<void> {
  await page.locator('dialog.viewer').waitFor({ state: 'detached' });
  await page.waitForURL(`**${path}`);
  const focus = await page.evaluate(() => document.activeElement?.className ?? '');
  expectThat(focus.includes('photo-link'), `The focus is on “${focus}”.`);
}

const scale = (page: Page): Promise<number> =>
  page
    .locator('dialog .viewer-photo')
    .evaluate((image) => new DOMMatrix(getComputedStyle(image).transform).a);

async function zoomInAndOut(page: Page): Promise<void> {
  await page.keyboard.press('+');
  await page.locator('.is-zoomed').waitFor();
  await page.keyboard.press('-');
  await page.locator('.is-zoomed').waitFor({ state: 'detached' });
  const stage = await page.locator('dialog .viewer-stage').boundingBox();
  if (!stage) throw new Error('There is no stage.');
  await page.mouse.move(stage.x + stage.width / 2, stage.y + stage.height / 2);
  await page.mouse.wheel(0, -400);
  await page.locator('.is-zoomed').waitFor();
  expectThat((await scale(page)) > 1.5, `The wheel zooms to ${await scale(page)}.`);
  await page.mouse.wheel(0, 4000);
  await page.locator('.is-zoomed').waitFor({ state: 'detached' });
}

/** Sends what a finger sends: Playwright's own touch knows only taps. */
async function swipe(page: Page, direction: 1 | -1): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const y = 300;
  const from = direction < 0 ? 320 : 70;
  await client.send('Input.dispatchTouchEvent', {
    type: 'touchStart',
    touchPoints: [{ x: from, y }],
  });
  for (let step = 1; step <= 5; step += 1) {
    const touchPoints = [{ x: from + direction * step * 45, y }];
    await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints });
  }
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

async function doubleTap(page: Page): Promise<void> {
  await page.touchscreen.tap(190, 300);
  await page.touchscreen.tap(190, 300);
}
