import type { Page } from 'playwright-core';
import { expectSame } from '#test/e2e/composer.ts';
import {
  ask,
  makeMember,
  makeOwner,
  openAs,
  type Person,
  type Published,
  publish,
} from '#test/e2e/people.ts';
import { expectThat, type Instance, type Journey, watchPage } from '#test/e2e/world.ts';

/** Edits with history, puts away and brings back, deletes, warns, and shows posts only to whom they are for. */
export const changePosts: Journey = {
  name: 'change posts and who sees them',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const instance = await world.startInstance();
    const owner = await makeOwner(instance);
    const ben = await makeMember(instance, 'ben');
    const page = await openAs(await world.newContext(), instance, owner);
    const stranger = await (await world.newContext()).newPage();
    const problems = watchPage(page, instance.url);

    await editWithHistory(page, instance, owner);
    await archiveAndRestore(page, instance, owner);
    await warn(page, stranger, instance, owner);
    const bens = await openAs(await world.newContext(), instance, ben);
    await showToSome(bens, instance, owner, ben);
    await remove(page, instance, owner);
    const others = problems().filter((text) => !/status of 404/.test(text));
    expectSame(others, [], 'What the page should not do');
  },
};

async function editWithHistory(page: Page, instance: Instance, owner: Person): Promise<void> {
  const post = await publish(instance, owner, { caption: 'The first words #old' });
  await page.goto(`${instance.url}/@ann/${post.id}`);
  await page.getByLabel('More actions').click();
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Caption').fill('Better words #new');
  await page.getByLabel('Describe photo 1').fill('A landscape, better told');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Better words').first().waitFor();
  await page.getByRole('link', { name: 'edited' }).click();
  await page.waitForURL('**/history');
  const versions = await page.locator('.version').allTextContents();
  expectThat(versions.length === 2, `There are ${versions.length} versions.`);
  expectThat(versions[0]?.includes('Better words') === true, 'The newest version is not first.');
  expectThat(versions[1]?.includes('The first words') === true, 'The first words are gone.');
  const tag = await fetch(`${instance.url}/tags/new`);
  expectThat((await tag.text()).includes('Better words'), 'The new hashtag leads nowhere.');
}

async function archiveAndRestore(page: Page, instance: Instance, owner: Person): Promise<void> {
  const post = await publish(instance, owner, { caption: 'To be put away' });
  const path = `/@ann/${post.id}`;
  await page.goto(instance.url + path);
  await page.getByLabel('More actions').click();
  await page.getByRole('button', { name: 'Archive' }).click();
  await page.getByText('Archived: only you see it', { exact: true }).waitFor();
  await nothingFor(instance, post, null);
  await page.goto(`${instance.url}/settings/storage`);
  await page.locator(`a[href="${path}"]`).click();
  await page.getByLabel('More actions').click();
  await page.getByRole('button', { name: 'Bring back' }).click();
  await page.getByText('Archived: only you see it', { exact: true }).waitFor({ state: 'detached' });
  expectThat((await fetch(instance.url + path)).ok, 'The post did not come back.');
}

/** Behind a warning the photo is hidden, on the profile and in full size too, until somebody asks. */
async function warn(page: Page, stranger: Page, instance: Instance, owner: Person): Promise<void> {
  const post = await publish(instance, owner, { caption: 'A big one', spoiler: 'Spiders' });
  await stranger.goto(`${instance.url}/@ann/${post.id}`);
  const photo = stranger.locator('.post-photos .photo-image');
  expectThat(await photo.isHidden(), 'The photo is shown before anybody asked.');
  await stranger.locator('.cover summary', { hasText: 'Spiders' }).click();
  await photo.waitFor({ state: 'visible' });
  await page.goto(`${instance.url}/@ann`);
  const cell = page.locator(`a[href="/@ann/${post.id}"]`);
  await cell.getByText('Spiders').waitFor();
  expectThat((await cell.locator('.photo-image').count()) === 0, 'The profile shows the photo.');
}

/** Only me: nobody. Followers: who follows, and nobody else by any way. */
async function showToSome(
  bens: Page,
  instance: Instance,
  owner: Person,
  ben: Person,
): Promise<void> {
  const mine = await publish(instance, owner, { caption: 'For me alone', visibility: 'self' });
  const theirs = await publish(instance, owner, { caption: 'For some', visibility: 'followers' });
  for (const post of [mine, theirs]) {
    await nothingFor(instance, post, null);
    await nothingFor(instance, post, ben);
  }
  await bens.goto(`${instance.url}/@ann`);
  expectThat((await bens.locator(`a[href="/@ann/${theirs.id}"]`).count()) === 0, 'Ben sees it.');
  await bens.getByRole('button', { name: 'Follow' }).click();
  await bens.locator(`a[href="/@ann/${theirs.id}"]`).click();
  await bens.getByText('Followers only').waitFor();
  const photo = bens.locator('.post-photos .photo-image').first();
  await photo.evaluate((image) => (image as HTMLImageElement).decode());
  await nothingFor(instance, mine, ben);
  await nothingFor(instance, theirs, null);
}

/** Page, API and every file of a post answer 404, and no list names it. */
async function nothingFor(instance: Instance, post: Published, asks: Person | null): Promise<void> {
  const headers: Record<string, string> = asks ? { authorization: `Bearer ${asks.token}` } : {};
  const who = asks?.username ?? 'a stranger';
  const media = post.media_attachments.flatMap(({ url, preview_url: preview }) => [url, preview]);
  const hidden = [`/@ann/${post.id}`, `/@ann/${post.id}/photo/1`, `/api/v1/statuses/${post.id}`];
  for (const address of [...hidden.map((path) => instance.url + path), ...media]) {
    const answer = await fetch(address, { headers });
    expectThat(answer.status === 404, `${address} answers ${answer.status} to ${who}.`);
  }
  for (const path of ['/', '/@ann', '/@ann.atom', '/api/v1/timelines/public']) {
    const text = await (await fetch(instance.url + path, { headers })).text();
    expectThat(!text.includes(post.id), `${path} names a hidden post to ${who}.`);
  }
}

/** Deleting asks once and takes the files along. */
async function remove(page: Page, instance: Instance, owner: Person): Promise<void> {
  const post = await publish(instance, owner, { caption: 'To be gone' });
  const [photo] = post.media_attachments;
  await page.goto(`${instance.url}/@ann/${post.id}`);
  await page.getByLabel('More actions').click();
  await page.locator('.menu-sheet summary', { hasText: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(post.id));
  await nothingFor(instance, post, null);
  const mine = await fetch(photo?.url ?? '', {
    headers: { authorization: `Bearer ${owner.token}` },
  });
  expectThat(mine.status === 404, `The photo of a deleted post answers ${mine.status}.`);
  const me = await ask(instance, owner, 'GET', '/api/v1/accounts/verify_credentials');
  expectThat(Number(me.statuses_count) >= 1, 'Other posts went with it.');
}
