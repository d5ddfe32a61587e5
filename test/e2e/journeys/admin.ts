import type { Page } from 'playwright-core';
import { expectSame, openComposer, pickPhotos, waitForPhotos } from '#test/e2e/composer.ts';
import { makeMember, makeOwner, openAs, type Person, publish } from '#test/e2e/people.ts';
import { plainPhoto } from '#test/e2e/photos.ts';
import { expectThat, type Instance, type Journey, watchPage } from '#test/e2e/world.ts';

/** Runs the place: limits, reset links, suspension, settings; members stay outside. */
export const admin: Journey = {
  name: 'look after a place',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const instance = await world.startInstance(['--mode', 'community']);
    const owner = await makeOwner(instance);
    const ben = await makeMember(instance, 'ben');
    await publish(instance, ben, { caption: 'Ben was here' });
    const page = await openAs(await world.newContext(), instance, owner);
    const bens = await openAs(await world.newContext(), instance, ben);
    const problems = watchPage(page, instance.url);
    for (const path of ['/admin', '/admin/accounts', '/admin/settings', '/admin/nothing']) {
      const status = (await bens.goto(instance.url + path))?.status() ?? 0;
      expectThat(status === 403 || status === 404, `${path} answers a member with ${status}.`);
    }
    await limitStorage(page, bens, instance);
    await resetPassword(page, bens, instance, ben);
    await suspendAndRestore(page, instance);
    await changeSettings(page, instance);
    await page.goto(`${instance.url}/admin/storage`);
    await page.getByText('Nothing has failed.').waitFor();
    const others = problems().filter((text) => !/status of 422/.test(text));
    expectSame(others, [], 'What the page should not do');
  },
};

async function manage(page: Page, instance: Instance) {
  await page.goto(`${instance.url}/admin/accounts`);
  await page.getByText('Manage ben').click();
  return page.locator('li', { hasText: '@ben' });
}

/** Without room an upload is refused with a sentence, at the photo, and the words stay. */
async function limitStorage(page: Page, bens: Page, instance: Instance): Promise<void> {
  const row = await manage(page, instance);
  await row.getByLabel('Storage limit in GB').fill('0.00001');
  await row.getByRole('button', { name: 'Set limit' }).click();
  await page.locator('.notice-done').waitFor();
  await openComposer(bens, instance);
  await bens.locator('#caption').fill('Too much');
  const [refusal] = await Promise.all([
    bens.waitForResponse((response) => response.url().endsWith('/api/v2/media')),
    pickPhotos(bens, [await plainPhoto(1)]),
  ]);
  expectThat(refusal.status() === 507, `An upload beyond the limit answers ${refusal.status()}.`);
  await waitForPhotos(bens, 1);
  const sentence = (await bens.locator('.tile .mistake').textContent()) ?? '';
  expectThat(/room|space|storage/i.test(sentence), `The refusal says “${sentence}”.`);
  const caption = await bens.locator('#caption').inputValue();
  expectThat(caption === 'Too much', 'The caption is gone.');

  const again = await manage(page, instance);
  await again.getByLabel('Storage limit in GB').fill('');
  await again.getByRole('button', { name: 'Set limit' }).click();
  await page.locator('.notice-done').waitFor();
  await bens.getByRole('button', { name: 'Try again: Photo 1' }).click();
  await waitForPhotos(bens, 1);
  await bens.locator('.tile-failed').waitFor({ state: 'detached' });
}

/** A one-time link brings a forgotten password back, and works once. */
async function resetPassword(
  page: Page,
  bens: Page,
  instance: Instance,
  ben: Person,
): Promise<void> {
  const row = await manage(page, instance);
  await row.getByRole('button', { name: 'Make a reset link' }).click();
  const link = await page.locator('#reset-link').inputValue();
  await bens.context().clearCookies();
  await bens.goto(link);
  await bens.getByText('For the account').waitFor();
  await bens.getByLabel('New password').fill('remembered for good');
  await bens.getByRole('button', { name: 'Set the new password' }).click();
  await bens.waitForURL((url) => !url.pathname.startsWith('/reset'));
  await bens.goto(link);
  await bens.getByText('This link has been used or is too old').waitFor();
  const fresh = { ...ben, password: 'remembered for good' };
  await bens.context().clearCookies();
  await bens.goto(`${instance.url}/sign-in`);
  await bens.getByLabel('Username or email').fill(fresh.username);
  await bens.getByLabel('Password', { exact: true }).fill(fresh.password);
  await bens.getByRole('button', { name: 'Sign in' }).click();
  await bens.waitForURL((url) => url.pathname !== '/sign-in');
}

async function suspendAndRestore(page: Page, instance: Instance): Promise<void> {
  const seen = async () => (await fetch(`${instance.url}/@ben`)).status;
  expectThat((await seen()) === 200, 'There is no profile to hide.');
  const row = await manage(page, instance);
  await row.locator('summary', { hasText: 'Suspend' }).click();
  await row.getByRole('button', { name: 'Suspend' }).click();
  await page.getByText('Suspended', { exact: true }).waitFor();
  expectThat((await seen()) === 404, `A suspended profile answers ${await seen()}.`);
  const home = await (await fetch(instance.url)).text();
  expectThat(!home.includes('Ben was here'), 'The home page shows a suspended account.');
  const again = await manage(page, instance);
  await again.getByRole('button', { name: 'Lift the suspension' }).click();
  await page.getByText('Suspended', { exact: true }).waitFor({ state: 'detached' });
  expectThat((await seen()) === 200, `The profile did not come back: ${await seen()}.`);
}

async function changeSettings(page: Page, instance: Instance): Promise<void> {
  await page.goto(`${instance.url}/admin/settings`);
  await page.locator('[name="instance.name"]').fill('The harbour club');
  await page.locator('[name="quota.account"]').fill('a lot');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('#setting-quota-account-error, [role=alert]').first().waitFor();
  const typed = await page.locator('[name="instance.name"]').inputValue();
  expectThat(typed === 'The harbour club', 'One mistake lost the other settings.');
  await page.locator('[name="quota.account"]').fill('3 GB');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.notice-done').waitFor();
  const brand = await page.locator('.brand-name').textContent();
  expectThat(brand === 'The harbour club', `The place is called “${brand}”.`);
}
