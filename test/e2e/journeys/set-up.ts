import type { Page } from 'playwright-core';
import { expectThat, type Journey, OWNER, type World, watchPage } from '#test/e2e/world.ts';

const kinds = ['Just me', 'Family and friends', 'A community'] as const;

/** Follows the printed link, answers the wizard, and is the owner; the wizard is closed afterwards. */
export const setUp: Journey = {
  name: 'set up a new place',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    // The three differ in what they mean, not in how they look: on a phone one is enough.
    const asked = world.width === 'phone' ? kinds.slice(1, 2) : kinds;
    for (const kind of asked) await setUpAs(world, kind);
  },
};

async function setUpAs(world: World, kind: (typeof kinds)[number]): Promise<void> {
  const instance = await world.startInstance();
  const context = await world.newContext();
  const page = await context.newPage();
  const problems = watchPage(page, instance.url);

  // Before there is an owner every address leads to the wizard, which asks for the code.
  await page.goto(instance.url);
  await page.waitForURL('**/setup');
  await page.getByLabel('Set-up code').fill('not-the-code');
  await fillIn(page, kind);
  await page.getByRole('button', { name: 'Open the doors' }).click();
  await page.getByRole('alert').waitFor();
  const kept = await page.getByLabel('Username').inputValue();
  expectThat(kept === OWNER.username, 'A wrong code lost what was typed.');

  expectThat(instance.setupLink !== '', `No link was printed:\n${instance.output()}`);
  await page.goto(instance.setupLink);
  await fillIn(page, kind);
  await page.getByRole('button', { name: 'Open the doors' }).click();
  await page.getByText('The doors are open.').waitFor();
  await page.getByRole('link', { name: 'Add your first photo' }).waitFor();

  const again = await page.goto(instance.setupLink);
  expectThat(again?.status() === 410, `The set-up link works twice: ${again?.status()}`);
  await page.getByText('This place is set up already').waitFor();

  const stranger = await (await world.newContext()).newPage();
  await stranger.goto(instance.url);
  const closed = new URL(stranger.url()).pathname === '/sign-in';
  expectThat(
    closed === (kind === 'Family and friends'),
    `${kind}: a stranger sees ${stranger.url()}`,
  );
  const refusals = [/ 403 /, / 410 /, / 422 /];
  const others = problems().filter((text) => !refusals.some((one) => one.test(text)));
  expectThat(others.length === 0, others.join('\n'));
}

async function fillIn(page: Page, kind: string): Promise<void> {
  await page.getByText(kind, { exact: true }).click();
  await page.getByLabel('Name of this place').fill('Ann’s photos');
  await page.getByLabel('Username').fill(OWNER.username);
  await page.getByLabel('Email').fill(OWNER.email);
  await page.getByLabel('Password').fill(OWNER.password);
}
