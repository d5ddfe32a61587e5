import type { Locator, Page } from 'playwright-core';
import {
  expectSame,
  openComposer,
  photoAlts,
  pickPhotos,
  readDescriptions,
  waitForPhotos,
} from '#test/e2e/composer.ts';
import { makeOwner } from '#test/e2e/people.ts';
import { plainPhoto } from '#test/e2e/photos.ts';
import { expectThat, type Journey } from '#test/e2e/world.ts';

/** Everything with Tab, Enter, Space, arrows and Escape; at every stop one sees where one is. */
export const keyboard: Journey = {
  name: 'use the keyboard alone',
  // Telephones have no Tab key.
  widths: ['desktop'],
  run: async (world) => {
    const instance = await world.startInstance();
    const owner = await makeOwner(instance);
    const page = await (await world.newContext()).newPage();

    await page.goto(`${instance.url}/sign-in`);
    await page.keyboard.press('Tab');
    await isSeen(page);
    const skip = await page.evaluate(() => document.activeElement?.textContent);
    expectThat(skip === 'Skip to the content', `The first stop is “${skip}”.`);
    await page.keyboard.press('Enter');
    const main = await page.evaluate(() => document.activeElement?.id);
    expectThat(main === 'main', `The way to the content leads to “${main}”.`);
    await tabTo(page, page.getByLabel('Username or email'));
    await page.keyboard.type(owner.username);
    await page.keyboard.press('Tab');
    await page.keyboard.type(owner.password);
    await page.keyboard.press('Enter');
    await page.getByText('Nothing here yet').waitFor();
    await tabTo(page, page.getByRole('link', { name: 'Add', exact: true }));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/compose');

    await compose(page, () => openComposer(page, instance));
    await look(page);
    await menu(page);
  },
};

/** Chooses, describes, reorders and publishes. The window in which files are picked is not the page's. */
async function compose(page: Page, open: () => Promise<void>): Promise<void> {
  await open();
  await tabTo(page, page.locator('.compose input[type=file][multiple]'));
  await pickPhotos(page, [await plainPhoto(1), await plainPhoto(2), await plainPhoto(3)]);
  await waitForPhotos(page, 3);
  for (const n of [1, 2, 3]) {
    await tabTo(page, page.getByLabel(`Describe photo ${n}`));
    await page.keyboard.type(`Number ${n}`);
  }
  const earlier = page.getByRole('button', { name: /^Move earlier: Photo/ });
  await tabTo(page, earlier.nth(2), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Photo 3 is now photo 2 of 3.').waitFor();
  expectSame(await readDescriptions(page), ['Number 1', 'Number 3', 'Number 2'], 'The draft');
  // The focus travels with the photo, so that one can go on pressing.
  await page.keyboard.press('Space');
  await page.getByText('Photo 2 is now photo 1 of 3.').waitFor();
  expectSame(await readDescriptions(page), ['Number 3', 'Number 1', 'Number 2'], 'The draft');

  await tabTo(page, page.locator('#caption'));
  await page.keyboard.type('Without a mouse');
  await tabTo(page, page.getByRole('button', { name: 'Publish', exact: true }));
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/@ann\/\d+$/);
  expectSame(await photoAlts(page), ['Number 3', 'Number 1', 'Number 2'], 'The post');
}

/** Opens a photo, walks on, and is back where it was. */
async function look(page: Page): Promise<void> {
  const first = page.locator('.photo-link').first();
  await tabTo(page, first);
  await page.keyboard.press('Enter');
  await page.locator('dialog.viewer[open]').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.locator('.viewer-count', { hasText: 'Photo 2 of 3' }).waitFor();
  for (let step = 0; step < 8; step += 1) {
    await page.keyboard.press('Tab');
    const place = await page.evaluate(() => {
      const here = document.activeElement;
      return here === document.body || here?.closest('dialog') !== null;
    });
    expectThat(place, 'The focus leaves the viewer for the page behind it.');
  }
  await tabTo(page, page.locator('dialog [data-act=close]'));
  await page.keyboard.press('Enter');
  await page.locator('dialog.viewer').waitFor({ state: 'detached' });
  expectThat(await hasFocus(first), 'The focus is not back on the photo.');
}

/** A menu opens, closes with Escape and gives the focus back. */
async function menu(page: Page): Promise<void> {
  const opener = page.locator('.menu > summary').first();
  await tabTo(page, opener, 'Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Edit' }).waitFor();
  await tabTo(page, page.getByRole('link', { name: 'Edit' }));
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Edit' }).waitFor({ state: 'hidden' });
  expectThat(await hasFocus(opener), 'The menu kept the focus.');
}

const hasFocus = (target: Locator): Promise<boolean> =>
  target.evaluate((element) => element === document.activeElement);

/** Presses Tab until the target has the focus; every stop on the way must be seen. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  await target.waitFor({ state: 'attached' });
  for (let presses = 0; presses < 80; presses += 1) {
    if (await hasFocus(target)) return;
    await page.keyboard.press(key);
    await isSeen(page);
  }
  throw new Error(`No way to ${target} with the keyboard.`);
}

/** Fails unless what has the focus is on the screen and says so: a ring, or a frame that only focus brings. */
async function isSeen(page: Page): Promise<void> {
  const problem = await page.evaluate(() => {
    const here = document.activeElement;
    if (!(here instanceof HTMLElement) || here === document.body) return null;
    const ringed = [here, here.parentElement, here.firstElementChild].some((element) => {
      if (!element) return false;
      const style = getComputedStyle(element);
      const ring = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
      return ring || style.boxShadow !== 'none';
    });
    const box = (here.closest('label') ?? here).getBoundingClientRect();
    const there = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
    if (ringed && there) return null;
    return `${here.outerHTML.slice(0, 120)} has the focus and ${there ? 'does not show it' : 'is not in sight'}.`;
  });
  if (problem !== null) throw new Error(problem);
}
