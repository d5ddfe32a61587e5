import type { Page } from 'playwright-core';
import {
  expectSame,
  openComposer,
  pickPhotos,
  publishDraft,
  waitForPhotos,
} from '#test/e2e/composer.ts';
import { makeOwner, openAs } from '#test/e2e/people.ts';
import { orientedJpeg, type PhotoFile, phoneHeic } from '#test/e2e/photos.ts';
import { readPixels } from '#test/e2e/pixels.ts';
import { expectThat, type Journey, watchPage } from '#test/e2e/world.ts';

/** Pastes a photo, turns and cuts it, cuts a HEIC that this browser cannot show, describes what must be described. */
export const crop: Journey = {
  name: 'paste, turn and cut',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const instance = await world.startInstance();
    const owner = await makeOwner(instance);
    const page = await openAs(await world.newContext(), instance, owner);
    const problems = watchPage(page, instance.url);
    await page.goto(`${instance.url}/settings/posting`);
    await page.getByLabel('Do not publish without descriptions').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.notice-done').waitFor();

    await openComposer(page, instance);
    await pastePhoto(page, await orientedJpeg(6));
    await waitForPhotos(page, 1);
    await edit(page, 1, async () => {
      await page.getByRole('button', { name: 'Turn right' }).click();
    });
    await edit(page, 1, async () => {
      await page.getByLabel('Crop frame').focus();
      for (let step = 0; step < 25; step += 1) await page.keyboard.press('Shift+ArrowLeft');
    });
    await pickPhotos(page, [phoneHeic()]);
    await waitForPhotos(page, 2);
    await edit(page, 2, async () => {
      await page.getByRole('button', { name: '1 : 1' }).click();
    });

    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('Please describe every photo').waitFor();
    await page.getByLabel('Describe photo 1').fill('Turned and cut');
    await page.getByLabel('Describe photo 2').fill('A square one');
    await publishDraft(page);
    const links = page.locator('.post-photos .photo-link');
    const [first = '', second = ''] = await links.evaluateAll((all) =>
      all.map((link) => link.getAttribute('data-photo') ?? ''),
    );
    // Turned to the right the picture is YRGB; its left half is what is left.
    const { quarters } = await readPixels(page, first);
    expectThat(quarters === 'YYBB', `Turned and cut it is ${quarters}.`);
    const { width, height } = await readPixels(page, second);
    expectThat(Math.abs(width - height) <= 2, `The square is ${width} × ${height}.`);
    expectSame(problems(), [], 'What the page should not do');
  },
};

/** Opens the dialog of a photo, does something in it, applies, and waits until the server has done it. */
async function edit(page: Page, n: number, act: () => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: `Crop and turn: Photo ${n}` }).click();
  await page.locator('dialog.crop[open] canvas').waitFor();
  await act();
  await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'PUT'),
    page.getByRole('button', { name: 'Apply' }).click(),
  ]);
  await page.locator('dialog.crop').waitFor({ state: 'detached' });
  await page.locator('.tile-progress').waitFor({ state: 'detached' });
}

async function pastePhoto(page: Page, { name, mimeType, buffer }: PhotoFile): Promise<void> {
  const file = { name, mimeType, text: buffer.toString('base64') };
  await page.evaluate((given) => {
    const bytes = Uint8Array.from(atob(given.text), (letter) => letter.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], given.name, { type: given.mimeType }));
    const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData });
    document.body.dispatchEvent(event);
  }, file);
}
