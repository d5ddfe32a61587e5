import type { Locator, Page } from 'playwright-core';
import type { PhotoFile } from './photos.ts';
import { expectThat, type Instance } from './world.ts';

/** Opens the composer and waits until its script has taken over. */
export async function openComposer(page: Page, instance: Instance): Promise<void> {
  await page.goto(`${instance.url}/compose`);
  await page.locator('.compose').waitFor();
}

/** Picks files as from a gallery: the first file input that takes several. */
export async function pickPhotos(page: Page, photos: PhotoFile[]): Promise<void> {
  await page.locator('.compose input[type=file][multiple]').setInputFiles(photos);
}

/** Drops files onto the page as from a folder. */
export async function dropPhotos(page: Page, photos: PhotoFile[]): Promise<void> {
  const files = photos.map(({ name, mimeType, buffer }) => ({
    name,
    mimeType,
    text: buffer.toString('base64'),
  }));
  await page.evaluate((given) => {
    const transfer = new DataTransfer();
    for (const { name, mimeType, text } of given) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type: mimeType }));
    }
    const at = document.querySelector('.drop') ?? document.body;
    for (const type of ['dragenter', 'dragover', 'drop']) {
      const event = new DragEvent(type, {
        bubbles: true,
        cancelable: true,
        dataTransfer: transfer,
      });
      at.dispatchEvent(event);
    }
  }, files);
}

export const tiles = (page: Page): Locator => page.locator('.tile');

/** Waits until so many photos are in the draft and none is on its way any more. */
export async function waitForPhotos(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      document.querySelectorAll('.tile').length === wanted &&
      document.querySelectorAll('.tile-progress').length === 0,
    count,
    { timeout: 60_000 },
  );
}

/** Describes the photos in their present order. */
export async function describePhotos(page: Page, alts: string[]): Promise<void> {
  for (const [at, alt] of alts.entries()) {
    await page.getByLabel(`Describe photo ${at + 1}`, { exact: true }).fill(alt);
  }
}

/** The descriptions in the order of the draft. */
export function readDescriptions(page: Page): Promise<string[]> {
  return tiles(page)
    .locator('textarea')
    .evaluateAll((areas) => areas.map((area) => (area as HTMLTextAreaElement).value));
}

/** Presses "Publish" and waits for the page of the new post; gives its path. */
export async function publishDraft(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.waitForURL(/\/@\w+\/\d+$/);
  return new URL(page.url()).pathname;
}

/** The alt texts of the photos of the post on this page, in their order. */
export function photoAlts(page: Page): Promise<string[]> {
  return page
    .locator('.post-photos .photo-image')
    .evaluateAll((images) => images.map((image) => image.getAttribute('alt') ?? ''));
}

/** Fails unless both lists are the same. */
export function expectSame(found: readonly string[], wanted: readonly string[], of: string): void {
  expectThat(
    JSON.stringify(found) === JSON.stringify(wanted),
    `${of}: expected ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`,
  );
}
