import type { Page } from 'playwright-core';
import { expectSame } from '#test/e2e/composer.ts';
import { fillHouse, openEyes } from '#test/e2e/every-page.ts';
import { expectThat, type Journey, type World, watchPage } from '#test/e2e/world.ts';

/**
 * No page asks anybody else, trips over its own policy or says an error to the console; none is wider
 * than its window, from 360 pixels to 4k; home and profile do not move while they load.
 */
export const goodManners: Journey = {
  name: 'behave on every page',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const house = await fillHouse(world);
    const { pages, visit } = await openEyes(house, () => world.newContext());
    const origins = [house.instance.url, house.instance.url, house.empty.url];
    const watched = pages.map((page, at) => watchPage(page, origins[at] ?? ''));
    const size =
      world.width === 'phone' ? { width: 360, height: 740 } : { width: 3840, height: 2160 };
    for (const page of pages) await page.setViewportSize(size);
    const found: string[] = [];
    for (const sight of house.sights) {
      const page = await visit(sight);
      found.push(...(await wide(page)).map((what) => `${sight.name}: ${what}`));
    }
    // What asks for a missing page or gives a wrong password is told so by its status.
    const expected = /status of (400|401|403|404|410|415|422)/;
    for (const problems of watched)
      found.push(...problems().filter((text) => !expected.test(text)));
    expectSame(found, [], 'What the pages should not do');
    for (const path of ['/', '/@ann']) await holdsStill(world, house.instance.url + path);
  },
};

/** What reaches out of the window to the right. */
function wide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth && innerWidth <= screen.width) return [];
    const out = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    const first = out.map((element) => element.outerHTML.slice(0, 100)).slice(0, 3);
    return [`${scrollWidth} wide in ${clientWidth}: ${first.join(' | ')}`];
  });
}

/** Measures how far a page moves while it loads in a browser that has seen none of it. */
async function holdsStill(world: World, address: string): Promise<void> {
  const page = await (await world.newContext()).newPage();
  await page.addInitScript(() => {
    const seen = globalThis as unknown as { shift: number };
    seen.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        seen.shift += (entry as unknown as { value: number }).value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(address);
  await page.evaluate(async () => {
    // Those in sight: the others may be left for later.
    const near = [...document.images].filter((image) => {
      const { top, left, width } = image.getBoundingClientRect();
      return top < innerHeight && left < innerWidth && width > 0;
    });
    await Promise.all(near.map((image) => image.decode().catch(() => undefined)));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  const shift = await page.evaluate(() => (globalThis as unknown as { shift: number }).shift);
  expectThat(shift < 0.02, `${address} moves by ${shift} while it loads.`);
}
