import type { Page } from 'playwright-core';
import { expectSame } from '#test/e2e/composer.ts';
import { makeOwner, openAs, publish } from '#test/e2e/people.ts';
import { expectThat, type Journey, waitFor, watchPage } from '#test/e2e/world.ts';

/**
 * Two servers: Ann finds Bob by his address and follows him, sees his photo at home and comments; Bob
 * reads the comment and sees where his photo went. A visitor gets the way to the original.
 */
export const federation: Journey = {
  name: 'follow somebody on another server',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const [a, b] = await Promise.all([
      world.startInstance(['--mode', 'community'], '127.0.0.1'),
      world.startInstance(['--mode', 'solo'], '127.0.0.2'),
    ]);
    const [ann, bob] = [await makeOwner(a), await makeOwner(b)];
    const handle = `@ann@${new URL(b.url).host}`;
    const annPage = await openAs(await world.newContext(), a, ann);
    const problems = watchPage(annPage, a.url);

    await annPage.getByRole('link', { name: 'Search', exact: true }).click();
    await annPage.getByLabel('Name, words, hashtag or address').fill('@nobody@127.0.0.2:1');
    await annPage.getByRole('button', { name: 'Search' }).click();
    await annPage.getByText('does not answer').waitFor();
    await annPage.getByLabel('Name, words, hashtag or address').fill(handle);
    await annPage.getByRole('button', { name: 'Search' }).click();
    await annPage.getByText(handle).waitFor();
    await annPage.getByRole('button', { name: 'Follow' }).click();
    await reloadUntil(annPage, 'Unfollow');

    const caption = 'Nets in the morning';
    const post = await publish(b, bob, { caption, alts: ['Nets on a quay'] });
    await annPage.goto(`${a.url}/`);
    await reloadUntil(annPage, caption);
    const photo = annPage.getByAltText('Nets on a quay').first();
    await photo.scrollIntoViewIfNeeded();
    await waitFor(
      () => photo.evaluate((image) => (image as HTMLImageElement).naturalWidth > 0),
      () => 'The photo from the other server is not shown.',
    );
    await annPage.getByText('0 comments').first().click();
    await annPage.getByLabel('Write a comment').fill('What a catch!');
    await annPage.getByRole('button', { name: 'Send' }).click();
    await annPage.locator('.comment', { hasText: 'What a catch!' }).waitFor();
    const here = annPage.url();

    const bobPage = await openAs(await world.newContext(), b, bob);
    await bobPage.goto(`${b.url}/@ann/${post.id}`);
    await reloadUntil(bobPage, 'What a catch!');
    await bobPage
      .getByText(`@ann@${new URL(a.url).host}`)
      .first()
      .waitFor();
    await bobPage.getByText('Where it went: arrived at 1 server').click();
    await bobPage.locator('.delivery', { hasText: new URL(a.url).host }).waitFor();

    const visitor = await (await world.newContext({ javaScriptEnabled: false })).newPage();
    await visitor.goto(here.replace(/#.*/, ''));
    const original = visitor.getByRole('link', { name: `Open on ${new URL(b.url).host}` });
    expectThat((await original.getAttribute('href')) === post.url, 'The way leads elsewhere.');
    expectThat(!(await visitor.content()).includes(caption), 'A stranger reads the post.');
    await visitor.goto(`${b.url}/@ann`);
    await visitor.getByRole('link', { name: 'Follow from your server' }).click();
    await visitor.getByLabel('Follow from your server').fill(`ann@${new URL(a.url).host}`);
    await visitor.getByRole('button', { name: 'Go on' }).click();
    const onward = visitor.getByRole('link', { name: `Go on at ${new URL(a.url).host}` });
    await annPage.goto((await onward.getAttribute('href')) ?? '');
    await annPage.getByRole('button', { name: 'Unfollow' }).waitFor();
    const refused = /status of (401|403|404|422|502|503)/;
    expectSame(
      problems().filter((text) => !refused.test(text)),
      [],
      'What no page should do',
    );
  },
};

/** What is on its way between two servers is there soon, but not at once. */
async function reloadUntil(page: Page, text: string): Promise<void> {
  await waitFor(
    async () => {
      if ((await page.getByText(text).count()) > 0) return true;
      await page.waitForTimeout(300);
      await page.reload();
      return (await page.getByText(text).count()) > 0;
    },
    () => `“${text}” has not come.`,
  );
}
