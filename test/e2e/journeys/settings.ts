import type { Page } from 'playwright-core';
import { expectSame } from '#test/e2e/composer.ts';
import { makeOwner, openAs, type Person, publish } from '#test/e2e/people.ts';
import { plainPhoto } from '#test/e2e/photos.ts';
import { expectThat, type Instance, type Journey, watchPage } from '#test/e2e/world.ts';

/** The own account: profile and looks, storage, password and other devices, leaving and staying. */
export const settings: Journey = {
  name: 'change the own settings',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const instance = await world.startInstance();
    const owner = await makeOwner(instance);
    const context = await world.newContext({ colorScheme: 'light' });
    const page = await openAs(context, instance, owner);
    const problems = watchPage(page, instance.url);
    await changeProfile(page, instance);
    await watchMeter(page, instance, owner);
    const other = await openAs(await world.newContext(), instance, owner);
    await changePassword(page, other, instance, owner);
    await leaveAndStay(page, instance);
    const others = problems().filter((text) => !/status of (403|404|422)/.test(text));
    expectSame(others, [], 'What the page should not do');
  },
};

async function changeProfile(page: Page, instance: Instance): Promise<void> {
  await page.goto(`${instance.url}/settings/profile`);
  await page.getByLabel('Picture of you').setInputFiles(await plainPhoto(7, 300, 300));
  await page.getByLabel('Name', { exact: true }).fill('Ann of the harbour');
  await page.getByLabel('About you').fill('Boats, mostly. https://example.org');
  await page.getByLabel('Label 1').fill('Camera');
  await page.getByLabel('Text 1').fill('a Nikon D70, still');
  await page.getByText('Dark', { exact: true }).click();
  // The choice shows at once, before it is saved.
  const theme = () => page.locator('html').getAttribute('data-theme');
  expectThat((await theme()) === 'dark', `The theme is ${await theme()} after a click.`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Your profile is saved.').waitFor();
  await page.goto(`${instance.url}/@ann`);
  expectThat((await theme()) === 'dark', `The theme is ${await theme()} on the next page.`);
  const [red = 255] = await page.evaluate(() =>
    (getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).map(Number),
  );
  expectThat(red < 60, 'The dark page is not dark.');
  await page.getByRole('heading', { name: 'Ann of the harbour' }).waitFor();
  await page.getByText('a Nikon D70, still').waitFor();
  const picture = page.locator('.profile-head img.avatar');
  await picture.evaluate((image) => (image as HTMLImageElement).decode());
}

async function watchMeter(page: Page, instance: Instance, owner: Person): Promise<void> {
  const read = async () => {
    await page.goto(`${instance.url}/settings/storage`);
    return (await page.locator('.meter').textContent()) ?? '';
  };
  const before = await read();
  await publish(instance, owner, { photos: [await plainPhoto(1, 1200, 900)] });
  const after = await read();
  expectThat(before !== after && /\d/.test(after), `The meter says “${before}”, then “${after}”.`);
}

async function changePassword(
  page: Page,
  other: Page,
  instance: Instance,
  owner: Person,
): Promise<void> {
  await page.goto(`${instance.url}/settings/security`);
  await page.getByText('this device', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Sign out everywhere else' }).waitFor();
  const current = page.locator('#current_password');
  await current.fill('something else');
  await page.locator('#password').fill('a much better password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.locator('#current_password-error').waitFor();
  await current.fill(owner.password);
  await page.locator('#password').fill('a much better password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Your password is changed').waitFor();
  expectThat(
    (await page.getByRole('button', { name: 'Sign out everywhere else' }).count()) === 0,
    'Another device is still signed in.',
  );
  await other.goto(`${instance.url}/settings/profile`);
  expectThat(new URL(other.url()).pathname === '/sign-in', 'The other device is still signed in.');
  await other.getByLabel('Username or email').fill('ann@example.org');
  await other.getByLabel('Password', { exact: true }).fill('a much better password');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.waitForURL('**/settings/profile');
  await page.reload();
  await page
    .locator('li', { hasNotText: 'this device' })
    .getByRole('button', { name: 'Sign out' })
    .click();
  await page.getByText('That device is signed out.').waitFor();
}

/** The owner may not leave; what is asked for is a password first, and then there are 14 days. */
async function leaveAndStay(page: Page, instance: Instance): Promise<void> {
  const member = { username: 'ben', password: 'the password of ben' };
  await instance.verb(
    ['account', 'create', 'ben', '--email', 'ben@example.org', '--password-stdin'],
    `${member.password}\n`,
  );
  const seen = async () => (await fetch(`${instance.url}/@ben`)).status;
  await page.goto(`${instance.url}/settings/account`);
  await page.getByRole('button', { name: 'Sign out of this device' }).click();
  await page.waitForURL((url) => url.pathname !== '/settings/account');
  await page.goto(`${instance.url}/sign-in`);
  await page.getByLabel('Username or email').fill(member.username);
  await page.getByLabel('Password', { exact: true }).fill(member.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname === '/');
  await page.goto(`${instance.url}/settings/account`);
  await askToLeave(page, 'not my password');
  await page.getByRole('alert').or(page.locator('#delete-password-error')).first().waitFor();
  expectThat((await seen()) === 200, 'A wrong password hid the account.');
  await page.goto(`${instance.url}/settings/account`);
  await askToLeave(page, member.password);
  await page.getByText('Your account is hidden now').waitFor();
  expectThat((await seen()) === 404, `The hidden profile answers ${await seen()}.`);
  await page.getByRole('button', { name: 'Keep my account' }).click();
  await page.getByText('Your account stays.').waitFor();
  expectThat((await seen()) === 200, `The kept profile answers ${await seen()}.`);
}

async function askToLeave(page: Page, password: string): Promise<void> {
  await page.locator('summary', { hasText: 'Delete my account' }).click();
  await page.locator('#delete-password').fill(password);
  await page.getByRole('button', { name: 'Delete my account' }).click();
}
