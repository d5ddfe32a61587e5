import type { Page } from 'playwright-core';
import { expectSame } from '#test/e2e/composer.ts';
import { makeMember, makeOwner, openAs, type Published, publish } from '#test/e2e/people.ts';
import { expectThat, type Instance, type Journey, watchPage } from '#test/e2e/world.ts';

/** Two people in two browsers: likes, a thread, a bookmark, live notifications, messages, a post without likes. */
export const social: Journey = {
  name: 'like, answer and write to each other',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const instance = await world.startInstance(['--mode', 'community']);
    const owner = await makeOwner(instance);
    const member = await makeMember(instance, 'ben');
    const post = await publish(instance, owner, { caption: 'The harbour at six' });
    const ann = await openAs(await world.newContext(), instance, owner);
    const ben = await openAs(await world.newContext(), instance, member);
    const problems = [ann, ben].map((page) => watchPage(page, instance.url));
    await likeAndKeep(ann, ben, instance, post);
    await talkBelow(ann, ben, instance, post);
    await writeMessages(ann, ben, instance);
    await filterWord(ben, instance);
    await switchLikesOff(ann, ben, instance, post);
    for (const found of problems) expectSame(found(), [], 'What the page should not do');
  },
};

const signOf = (page: Page, act: string, id: string) =>
  page.locator(`button[data-act="${act}"][data-post-id="${id}"]`);

async function likeAndKeep(
  ann: Page,
  ben: Page,
  instance: Instance,
  post: Published,
): Promise<void> {
  // The stream is there before anything happens: what is drawn next comes over it.
  const stream = ann.waitForEvent('websocket');
  await ann.goto(`${instance.url}/notifications`);
  await (await stream).waitForEvent('framesent');
  await ann.getByText('All quiet').waitFor();
  await ben.goto(`${instance.url}/@ann/${post.id}`);
  await signOf(ben, 'like', post.id).click();
  await ben.locator('[data-act="like"][aria-pressed="true"]').waitFor();
  await signOf(ben, 'bookmark', post.id).click();
  await ann.getByText('liked your post').waitFor();
  await ann.locator('[data-news] img.news-photo').waitFor();
  await ben.locator('[data-act="bookmark"][aria-pressed="true"]:not([data-busy])').waitFor();
  await ben.goto(`${instance.url}/bookmarks`);
  await ben.getByText('The harbour at six').waitFor();
}

/** A comment, an answer to it, and the answer to that: each stands below what it answers. */
async function talkBelow(ann: Page, ben: Page, instance: Instance, post: Published): Promise<void> {
  const path = `${instance.url}/@ann/${post.id}`;
  await ben.goto(path);
  await ben.locator('.comments > form textarea').fill('Which harbour is it?');
  await ben.locator('.comments > form').getByRole('button', { name: 'Send' }).click();
  await ben.locator('.comment-body', { hasText: 'Which harbour is it?' }).waitFor();
  // The number on the bell has come up by itself.
  await ann.getByText('wrote to you').first().waitFor();
  await ann.goto(path);
  await answerTo(ann, 'Which harbour is it?', 'The old one.');
  await ben.goto(path);
  await answerTo(ben, 'The old one.', 'I thought so.');
  const deepest = ben.locator('.thread .thread .thread');
  await deepest.getByText('I thought so.').waitFor();
  expectThat((await deepest.count()) === 1, 'The thread is not three deep.');
}

async function answerTo(page: Page, said: string, answer: string): Promise<void> {
  const comment = page.locator('.comment', { hasText: said });
  await comment.locator('.reply > summary').click();
  await comment.locator('.reply textarea').fill(answer);
  await comment.locator('.reply').getByRole('button', { name: 'Send' }).click();
  await page.locator('.comment-body', { hasText: answer }).waitFor();
}

async function writeMessages(ann: Page, ben: Page, instance: Instance): Promise<void> {
  await ben.goto(`${instance.url}/messages?to=@ann`);
  await ben.getByLabel('Message', { exact: true }).fill('Shall we go there?');
  await ben.getByRole('button', { name: 'Send' }).click();
  await ben.waitForURL('**/messages/*');
  await ann.goto(`${instance.url}/messages`);
  await ann.locator('.talk-unread .talk-link').click();
  await ann.getByText('Shall we go there?').waitFor();
  await ann.getByLabel('Answer').fill('On Sunday.');
  await ann.getByRole('button', { name: 'Send' }).click();
  await ann.getByText('On Sunday.').waitFor();
  await ben.reload();
  await ben.getByText('On Sunday.').waitFor();
}

/** What a filter covers opens with a click. */
async function filterWord(ben: Page, instance: Instance): Promise<void> {
  await ben.goto(`${instance.url}/settings/filters`);
  await ben.getByLabel('Words', { exact: true }).fill('harbour');
  await ben.getByRole('button', { name: 'Add the filter' }).click();
  await ben.getByText('The filter is there.').waitFor();
  await ben.goto(`${instance.url}/local`);
  const caption = ben.getByText('The harbour at six');
  expectThat(!(await caption.isVisible()), 'A filtered post is not covered.');
  await ben.getByText('Filtered: harbour').click();
  await caption.waitFor();
}

async function switchLikesOff(
  ann: Page,
  ben: Page,
  instance: Instance,
  post: Published,
): Promise<void> {
  const path = `${instance.url}/@ann/${post.id}`;
  await ann.goto(`${path}/edit`);
  await ann.getByLabel('No likes').check();
  await ann.getByRole('button', { name: 'Save changes' }).click();
  await ann.waitForURL(path);
  const other = await ben.goto(path);
  expectThat(other?.status() === 200, 'The post is gone with its likes.');
  // What is there can be taken back; afterwards there is nothing to press any more.
  const like = signOf(ben, 'like', post.id);
  if ((await like.count()) > 0) {
    await like.click();
    await ben
      .locator(
        `[data-act="like"][data-post-id="${post.id}"][aria-pressed="false"]:not([data-busy])`,
      )
      .waitFor();
    await ben.reload();
  }
  expectThat((await like.count()) === 0, 'A post without likes can be liked.');
}
