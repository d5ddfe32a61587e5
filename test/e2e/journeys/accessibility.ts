import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expectSame } from '#test/e2e/composer.ts';
import { fillHouse, openEyes } from '#test/e2e/every-page.ts';
import type { Journey } from '#test/e2e/world.ts';

/** axe-core finds nothing on any page, in either theme. */
export const accessibility: Journey = {
  name: 'read with any eyes',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const house = await fillHouse(world);
    const { pages, visit } = await openEyes(house, () =>
      world.newContext({ bypassCSP: true, colorScheme: 'light' }),
    );
    for (const page of pages) await page.addInitScript(axe.source);
    await provesItself(await visit({ name: 'about', path: '/about', as: 'stranger' }));
    const found: string[] = [];
    for (const sight of house.sights) {
      const page = await visit(sight);
      found.push(...(await check(page)).map((what) => `${sight.name}, light: ${what}`));
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      const dark = await check(page, ['color-contrast', 'link-in-text-block']);
      found.push(...dark.map((what) => `${sight.name}, dark: ${what}`));
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    }
    expectSame(found, [], 'What axe found');
  },
};

/** Axe must find something where there is something, or its silence means nothing. */
async function provesItself(page: Page): Promise<void> {
  await page.evaluate(() => {
    const pale = document.createElement('p');
    pale.textContent = 'Hardly to be read';
    pale.style.color = 'color-mix(in srgb, canvas 90%, canvastext)';
    document.querySelector('main')?.append(new Image(), pale);
  });
  const found = (await check(page)).map((what) => what.split(' ')[0] ?? '');
  expectSame(found.sort(), ['color-contrast', 'image-alt'], 'What axe found on a bad page');
}

/** What axe says about a page, by all its rules or, for another theme, by those about colours. */
function check(page: Page, rules?: string[]): Promise<string[]> {
  return page.evaluate(async (only) => {
    const tool = (globalThis as unknown as { axe: typeof axe }).axe;
    const results = await tool.run(only ? { runOnly: only } : {});
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) => `${id} ${html.slice(0, 160)} ${failureSummary ?? ''}`,
      ),
    );
  }, rules);
}
