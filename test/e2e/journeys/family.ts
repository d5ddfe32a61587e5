import { expectSame } from '#test/e2e/composer.ts';
import { makeOwner, openAs, publish } from '#test/e2e/people.ts';
import { expectThat, type Journey, watchPage } from '#test/e2e/world.ts';

/** A closed circle: an invite link lets one in, everybody else sees a sign-in form and nothing more. */
export const family: Journey = {
  name: 'let a family in and nobody else',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const instance = await world.startInstance(['--mode', 'family']);
    const owner = await makeOwner(instance);
    const post = await publish(instance, owner, { caption: 'Grandma at the lake #lake' });
    const page = await openAs(await world.newContext(), instance, owner);
    const problems = watchPage(page, instance.url);
    await page.goto(`${instance.url}/admin/invites`);
    await page.getByLabel('Note to yourself (optional)').fill('for the cousins');
    await page.getByRole('button', { name: 'Make a link' }).click();
    const link = await page.locator('#invite-link').inputValue();
    expectThat(link.startsWith(`${instance.url}/join/`), `The invite link is ${link}.`);

    const cousin = await (await world.newContext()).newPage();
    const cousinProblems = watchPage(cousin, instance.url);
    await cousin.goto(link);
    await cousin.getByLabel('Username').fill('Ben!');
    await cousin.getByLabel('Email').fill('ben@example.org');
    await cousin.getByLabel('Password').fill('the password of ben');
    await cousin.getByRole('button', { name: 'Create an account' }).click();
    await cousin.locator('#username-error').waitFor();
    await cousin.getByLabel('Username').fill('ben');
    await cousin.getByLabel('Password').fill('the password of ben');
    await cousin.getByRole('button', { name: 'Create an account' }).click();
    await cousin.getByText('Welcome, @ben.').waitFor();
    // Members see each other without following.
    await cousin.goto(`${instance.url}/`);
    await cousin.getByText('Grandma at the lake').first().waitFor();
    await cousin.locator('.photo-link').first().click();
    await cousin.locator('dialog.viewer[open]').waitFor();

    const late = await (await world.newContext()).newPage();
    const again = await late.goto(link);
    expectThat(again?.ok() === false, 'An invite for one let a second one in.');
    await page.goto(`${instance.url}/admin/invites`);
    await page.getByText('No open invites.').waitFor();

    const pages = [
      '/',
      '/@ann',
      `/@ann/${post.id}`,
      '/about',
      '/tags/lake',
      '/compose',
      '/nothing',
    ];
    for (const path of pages) {
      await late.goto(instance.url + path);
      expectThat(
        new URL(late.url()).pathname === '/sign-in',
        `${path} leads a stranger elsewhere.`,
      );
      const text = await late.content();
      expectThat(
        !/Grandma|\bann\b|lake</i.test(text.replace(/next[^>]*>/g, '')),
        `${path} tells of people.`,
      );
    }
    const media = post.media_attachments.flatMap((photo) => [photo.url, photo.preview_url]);
    for (const address of [...media, `${instance.url}/media/${'a'.repeat(26)}.jpg`]) {
      const answer = await fetch(address);
      expectThat(answer.status === 404, `${address} answers a stranger with ${answer.status}.`);
    }
    for (const path of ['/api/v1/timelines/public', `/api/v1/statuses/${post.id}`, '/api/v1/x']) {
      const answer = await fetch(instance.url + path);
      expectThat(answer.status === 401, `${path} answers a stranger with ${answer.status}.`);
    }
    const feed = await fetch(`${instance.url}/@ann.atom`);
    expectThat(!(await feed.text()).includes('Grandma'), 'The feed is open.');
    const refused = (text: string) => !/status of 422/.test(text);
    expectSame([...problems(), ...cousinProblems()].filter(refused), [], 'What no page should do');
  },
};
