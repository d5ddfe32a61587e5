import type { Page } from 'playwright-core';
import { askToBeLetIn, type ClientApp, startClientApp } from '#test/e2e/client-app.ts';
import { expectSame } from '#test/e2e/composer.ts';
import { makeMember, makeOwner, openAs, type Person, signIn } from '#test/e2e/people.ts';
import { expectThat, type Instance, type Journey, type World, watchPage } from '#test/e2e/world.ts';

/** An app of another site is let in through a window of its own, refused, and shut out again. */
export const letAppIn: Journey = {
  name: 'let an app in',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    for (const mode of ['solo', 'family']) {
      const instance = await world.startInstance(['--mode', mode]);
      const owner = await makeOwner(instance);
      const client = await startClientApp(instance);
      try {
        await enterByWindow(world, instance, client, owner);
        if (mode === 'solo') {
          await withoutScript(world, instance, client, owner);
          await asSomebodyElse(world, instance, client, owner);
          await byCode(world, instance, owner);
        }
      } finally {
        await client.stop();
      }
    }
  },
};

/** Sign in, say yes, and the app that waits in the other window has its token; then it loses it. */
async function enterByWindow(
  world: World,
  instance: Instance,
  client: ClientApp,
  owner: Person,
): Promise<void> {
  const context = await world.newContext();
  const app = await context.newPage();
  await app.goto(client.url);
  const opened = context.waitForEvent('page');
  await app.getByRole('button', { name: 'Enter' }).click();
  const popup = await opened;
  const problems = watchPage(popup, '');
  await popup.waitForURL('**/sign-in?*');
  await popup.getByText('An app asks to be let in').waitFor();
  await popup.getByLabel('Username or email').fill(owner.username);
  await popup.getByLabel('Password', { exact: true }).fill(owner.password);
  await popup.getByRole('button', { name: 'Sign in' }).click();
  await popup.getByRole('heading', { name: 'Let A client in?' }).waitFor();
  await popup.getByText(`Your answer goes to ${new URL(client.url).host}.`).waitFor();
  const closed = popup.waitForEvent('close');
  await popup.getByRole('button', { name: 'Let it in' }).click();
  await closed;
  await app.getByText('Hello ann').waitFor();
  expectSame(problems(), [], 'What the window should not do');

  // The browser is signed in now, and the settings know the app.
  const page = await context.newPage();
  await page.goto(`${instance.url}/settings/security`);
  await page.getByRole('button', { name: 'Shut out' }).click();
  await page.getByText('The app is shut out.').waitFor();
  await page.getByText('No app has access.').waitFor();
  await app.getByRole('button', { name: 'Ask again' }).click();
  await app.getByText('Refused 401').waitFor();
}

/** The page needs no script, and a no is an answer, too. */
async function withoutScript(
  world: World,
  instance: Instance,
  client: ClientApp,
  owner: Person,
): Promise<void> {
  const context = await world.newContext({ javaScriptEnabled: false });
  const page = await openAs(context, instance, owner);
  const query = await askToBeLetIn(instance, client.redirect);
  for (const [button, answer] of [
    ['No', 'error'],
    ['Let it in', 'code'],
  ] as const) {
    await page.goto(`${instance.url}/oauth/authorize?${query}`);
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.waitForURL(`${client.redirect}?*`);
    const { searchParams } = new URL(page.url());
    expectThat(searchParams.get(answer) !== null, `“${button}” led to ${page.url()}`);
    expectSame([searchParams.get('state') ?? ''], ['kept'], 'The state');
  }
}

/** Somebody else may answer: the question comes back after the sign-in. */
async function asSomebodyElse(
  world: World,
  instance: Instance,
  client: ClientApp,
  owner: Person,
): Promise<void> {
  const ben = await makeMember(instance, 'ben');
  const page = await openAs(await world.newContext(), instance, owner);
  const query = await askToBeLetIn(instance, client.redirect);
  await page.goto(`${instance.url}/oauth/authorize?${query}`);
  await page.getByText('@ann').waitFor();
  await page.getByRole('link', { name: 'Use another account' }).click();
  await signIn(page, instance, ben);
  await page.getByText('@ben').waitFor();
  await page.getByRole('button', { name: 'Let it in' }).click();
  await page.waitForURL(`${client.redirect}?*`);
}

async function byCode(world: World, instance: Instance, owner: Person): Promise<void> {
  const page: Page = await openAs(await world.newContext(), instance, owner);
  const query = await askToBeLetIn(instance, 'urn:ietf:wg:oauth:2.0:oob');
  await page.goto(`${instance.url}/oauth/authorize?${query}`);
  await page.getByText('You will get a code to type into the app.').waitFor();
  await page.getByRole('button', { name: 'Let it in' }).click();
  const code = await page.getByLabel('Code', { exact: true }).inputValue();
  expectThat(/^[a-z2-7]{50,}$/.test(code), `The code is “${code}”.`);
}
