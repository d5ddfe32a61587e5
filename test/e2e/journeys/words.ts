import type { Page } from 'playwright-core';
import { expectSame } from '#test/e2e/composer.ts';
import { ask, makeMember, makeOwner, openAs, publish } from '#test/e2e/people.ts';
import { expectThat, type Instance, type Journey, watchPage } from '#test/e2e/world.ts';

/** Words that are changed later: those of a filter and of a post that waits; and the reference for apps. */
export const words: Journey = {
  name: 'change a filter, publish what waits, read the reference',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const instance = await world.startInstance(['--mode', 'community']);
    const owner = await makeOwner(instance);
    const member = await makeMember(instance, 'ben');
    await publish(instance, member, { caption: 'A turnip in the rain' });
    const page = await openAs(await world.newContext(), instance, owner);
    const problems = watchPage(page, instance.url);
    await changeFilter(page, instance);
    await ask(instance, owner, 'POST', '/api/v1/statuses', {
      status: 'Frist words',
      scheduled_at: new Date(Date.now() + 86_400_000).toISOString(),
    });
    await changeWaiting(page, instance);
    await hearOfMessage(page, instance, member);
    await readReference(page, instance);
    expectSame(problems(), [], 'What the page should not do');
  },
};

async function changeFilter(page: Page, instance: Instance): Promise<void> {
  await page.goto(`${instance.url}/settings/filters`);
  await page.getByLabel('Words', { exact: true }).fill('parsnip');
  await page.getByRole('button', { name: 'Add the filter' }).click();
  await page.getByText('The filter is there.').waitFor();
  await page.getByRole('link', { name: 'Change parsnip' }).click();
  const field = page.getByLabel('Words', { exact: true });
  expectThat((await field.inputValue()) === 'parsnip', 'The form does not hold the filter.');
  await field.fill('parsnip\nturnip');
  await page.getByText('Leave it out').click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('The filter is changed.').waitFor();
  await page.getByText('parsnip, turnip').waitFor();
  await page.goto(`${instance.url}/local`);
  expectThat((await page.getByText('A turnip').count()) === 0, 'The filter was not changed.');
}

async function changeWaiting(page: Page, instance: Instance): Promise<void> {
  await page.goto(`${instance.url}/scheduled`);
  await page.getByText('Change', { exact: true }).click();
  await page.getByLabel('Caption').fill('First words');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await page.getByRole('button', { name: 'Publish now' }).click();
  await page.getByText('Your post is out.').waitFor();
  await page.locator('main').getByText('First words').waitFor();
  await page.goto(`${instance.url}/scheduled`);
  await page.getByText('No post waits').waitFor();
}

/** The number on messages comes up while another page is open, without a reload. */
async function hearOfMessage(
  page: Page,
  instance: Instance,
  member: Parameters<typeof ask>[1],
): Promise<void> {
  const stream = page.waitForEvent('websocket');
  await page.goto(`${instance.url}/explore`);
  await (await stream).waitForEvent('framesent');
  const mark = page.locator('[data-of="messages"]');
  expectThat(await mark.isHidden(), 'There is a message before there is one.');
  await page.waitForTimeout(100);
  await ask(instance, member, 'POST', '/api/v1/statuses', {
    status: '@ann are you there?',
    visibility: 'direct',
  });
  await page.locator('[data-of="messages"][data-unread="1"]').waitFor();
  await page.goto(`${instance.url}/messages`);
  await page.locator('.talk-unread .talk-link').click();
  await page.getByText('are you there?').waitFor();
  await page.goto(`${instance.url}/explore`);
  expectThat(await mark.isHidden(), 'What was read still counts.');
}

async function readReference(page: Page, instance: Instance): Promise<void> {
  await page.goto(`${instance.url}/api/docs`);
  await page.getByRole('heading', { name: 'For apps' }).waitFor();
  await page.getByRole('link', { name: 'Timelines' }).click();
  await page.getByText('GET /api/v1/timelines/home').waitFor();
  const address = await page.getByRole('link', { name: /OpenAPI/ }).getAttribute('href');
  const answer = await page.request.get(new URL(address ?? '', instance.url).href);
  const { openapi, paths } = (await answer.json()) as { openapi: string; paths: object };
  expectThat(openapi.startsWith('3.1'), `The document is OpenAPI ${openapi}.`);
  expectThat(Object.keys(paths).length > 100, 'The document has hardly any routes.');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expectThat(wide <= 0, `The reference is ${wide} px too wide.`);
}
