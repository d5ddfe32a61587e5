import { expectSame, photoAlts } from '#test/e2e/composer.ts';
import { makeMember, makeOwner, publish, signIn } from '#test/e2e/people.ts';
import { notPhoto, orientedJpeg, phoneHeic } from '#test/e2e/photos.ts';
import { expectThat, type Journey, watchPage } from '#test/e2e/world.ts';

/** Everything that matters with JavaScript off: sign in, post, change, comment, delete, settings, sign out. */
export const noScript: Journey = {
  name: 'do everything without a script',
  widths: ['phone', 'desktop'],
  run: async (world) => {
    const instance = await world.startInstance();
    const owner = await makeOwner(instance);
    const ben = await makeMember(instance, 'ben');
    const bens = await publish(instance, ben, { caption: 'Ben was here' });
    const context = await world.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const problems = watchPage(page, instance.url);

    // The way leads through the sign-in to what was asked for.
    await page.goto(`${instance.url}/compose`);
    await page.getByLabel('Username or email').fill(owner.username);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await signIn(page, instance, owner);
    await page.waitForURL('**/compose');

    // A note among the photos: the form comes back with the words and the photo that arrived.
    await page.getByLabel('Photos').setInputFiles([await orientedJpeg(6), notPhoto()]);
    await page.getByText('Describe the photos').click();
    await page.getByLabel('Describe photo 1', { exact: true }).fill('A turned one');
    await page.getByLabel('Caption').fill('By hand #slow');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('alert').first().waitFor();
    await page.getByText('One photo has arrived and is kept.').waitFor();
    await page.getByLabel('Photos').setInputFiles([phoneHeic()]);
    await page.getByText('Describe the photos').click();
    const kept = await page.getByLabel('Describe photo 1', { exact: true }).inputValue();
    expectThat(kept === 'A turned one', `The description came back as “${kept}”.`);
    await page.getByLabel('Describe photo 2', { exact: true }).fill('From the phone');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Your post is published.').waitFor();
    expectSame(await photoAlts(page), ['A turned one', 'From the phone'], 'The post');
    const address = page.url();

    await page.getByLabel('More actions').click();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Caption').fill('By hand, and twice #slow');
    await page.getByLabel('Describe photo 2', { exact: true }).fill('From the old phone');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.waitForURL(address);
    await page.getByText('By hand, and twice').first().waitFor();
    await page.getByRole('link', { name: 'edited' }).waitFor();

    await page.goto(`${instance.url}/@ben/${bens.id}`);
    await page.getByLabel('Write a comment').fill('A fine one');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('.comment', { hasText: 'A fine one' }).waitFor();
    await page.locator('.comment').getByLabel('More actions').click();
    await page.locator('.comment .menu-sheet summary', { hasText: 'Delete' }).click();
    await page.locator('.comment').getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('No comments yet.').waitFor();

    await page.goto(`${instance.url}/settings/profile`);
    await page.getByLabel('Name', { exact: true }).fill('Ann of the harbour');
    await page.getByText('Dark', { exact: true }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your profile is saved.').waitFor();
    const theme = await page.locator('html').getAttribute('data-theme');
    expectThat(theme === 'dark', `The theme is ${theme}.`);

    // Deleting asks once; the question alone deletes nothing.
    await page.goto(address);
    await page.getByLabel('More actions').click();
    await page.locator('.menu-sheet summary', { hasText: 'Delete' }).click();
    await page.getByText('Delete this post with its photos?').waitFor();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.waitForURL((url) => url.href !== address);
    expectThat((await page.goto(address))?.status() === 404, 'The post is still there.');

    await page.goto(`${instance.url}/settings/account`);
    await page.getByRole('button', { name: 'Sign out of this device' }).click();
    await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
    const refused = /status of (401|403|404|415|422)/;
    expectSame(
      problems().filter((text) => !refused.test(text)),
      [],
      'What no page should do',
    );
  },
};
