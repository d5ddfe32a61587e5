import type { BrowserContext, Page } from 'playwright-core';
import { type PhotoFile, plainPhoto } from './photos.ts';
import { expectThat, type Instance, OWNER } from './world.ts';

/** Somebody with an account and a token for what the journey itself is not about. */
export type Person = { username: string; password: string; token: string };

/** What of the client API's status the journeys look at. */
export type Published = {
  id: string;
  url: string;
  media_attachments: { id: string; url: string; preview_url: string }[];
};

/** Makes the owner on the command line: the wizard has a journey of its own. */
export async function makeOwner(instance: Instance): Promise<Person> {
  return await makeAccount(instance, OWNER.username, OWNER.password, ['--owner']);
}

/** Makes a member on the command line. */
export async function makeMember(instance: Instance, username: string): Promise<Person> {
  return await makeAccount(instance, username, `the password of ${username}`, []);
}

async function makeAccount(
  instance: Instance,
  username: string,
  password: string,
  flags: string[],
): Promise<Person> {
  const email = `${username}@example.org`;
  const args = ['account', 'create', username, '--email', email, '--password-stdin', ...flags];
  await instance.verb(args, `${password}\n`);
  const scopes = 'read write follow';
  const token = await instance.verb(['account', 'token', username, '--scopes', scopes]);
  return { username, password, token: token.trim() };
}

/** Fills in the sign-in form that is open or opens it, and waits for the page behind it. */
export async function signIn(page: Page, instance: Instance, person: Person): Promise<void> {
  if (new URL(page.url(), instance.url).pathname !== '/sign-in') {
    await page.goto(`${instance.url}/sign-in`);
  }
  await page.getByLabel('Username or email').fill(person.username);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

/** A page in a context of its own, signed in. */
export async function openAs(
  context: BrowserContext,
  instance: Instance,
  person: Person,
): Promise<Page> {
  const page = await context.newPage();
  await signIn(page, instance, person);
  return page;
}

/** Uploads photos and publishes them through the API; drawn ones if none are given. */
export async function publish(
  instance: Instance,
  person: Person,
  post: {
    caption?: string;
    photos?: PhotoFile[];
    visibility?: string;
    spoiler?: string;
    alts?: string[];
  } = {},
): Promise<Published> {
  const { caption = 'A walk #outside', photos = [await plainPhoto(1)], visibility, alts } = post;
  const media: string[] = [];
  for (const [at, photo] of photos.entries()) {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(photo.buffer)]), photo.name);
    form.append('description', alts?.[at] ?? `A drawn landscape, number ${at + 1}`);
    const answer = await ask(instance, person, 'POST', '/api/v2/media', form);
    media.push(String(answer.id));
  }
  const body = {
    status: caption,
    media_ids: media,
    tintype_visibility: visibility ?? 'public',
    ...(post.spoiler ? { spoiler_text: post.spoiler } : {}),
  };
  const made = JSON.stringify(await ask(instance, person, 'POST', '/api/v1/statuses', body));
  // As everybody knows the photos, without the key of an app.
  return JSON.parse(made.replaceAll(/\/media\/as\/[^/"]+\//g, '/media/')) as Published;
}

/** Calls the client API with a person's token and expects it to agree. */
export async function ask(
  instance: Instance,
  person: Person,
  method: string,
  path: string,
  body?: FormData | Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const form = body instanceof FormData;
  const answer = await fetch(instance.url + path, {
    method,
    headers: {
      authorization: `Bearer ${person.token}`,
      ...(body !== undefined && !form ? { 'content-type': 'application/json' } : {}),
    },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  expectThat(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}
