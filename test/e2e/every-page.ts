import { type BrowserContext, errors, type Page } from 'playwright-core';
import { askToBeLetIn } from './client-app.ts';
import { openComposer, pickPhotos, tiles, waitForPhotos } from './composer.ts';
import { ask, makeMember, makeOwner, openAs, type Person, publish } from './people.ts';
import { notPhoto, plainPhoto } from './photos.ts';
import { type Instance, OWNER, type World } from './world.ts';

/** A page as somebody sees it, and what to do before one looks at it. */
export type Sight = {
  name: string;
  path: string;
  as: 'owner' | 'stranger' | 'newcomer';
  prepare?: (page: Page) => Promise<void>;
};

export type FullHouse = {
  /** The instance with people and posts, and one that nobody has set up yet. */
  instance: Instance;
  empty: Instance;
  owner: Person;
  sights: Sight[];
};

/** An instance in which every kind of page has something to show, and the list of these pages. */
export async function fillHouse(world: World): Promise<FullHouse> {
  const [instance, empty] = await Promise.all([
    world.startInstance(['--mode', 'community']),
    world.startInstance(),
  ]);
  const owner = await makeOwner(instance);
  const ben = await makeMember(instance, 'ben');
  const shapes = [plainPhoto(1), plainPhoto(2, 360, 480), plainPhoto(3, 800, 300)];
  const album = await publish(instance, owner, { photos: await Promise.all(shapes) });
  await ask(instance, owner, 'PUT', `/api/v1/statuses/${album.id}`, {
    status: 'Three of a walk #outside with @ben, see https://example.org/a/rather/long/address',
    license: 'cc-by-4.0',
    place: 'Harbour, Hamburg',
  });
  await ask(instance, ben, 'POST', '/api/v1/statuses', {
    status: 'Lovely! '.repeat(12),
    in_reply_to_id: album.id,
  });
  const single = await publish(instance, owner, { photos: [await plainPhoto(4, 900, 1200)] });
  const warned = await publish(instance, owner, { spoiler: 'Spiders', caption: 'Eight legs' });
  const bens = await publish(instance, ben, { caption: 'From Ben' });
  const reset = await instance.verb(['account', 'reset-link', 'ben']);
  const invite = await instance.verb(['invite', 'create']);
  const pathOf = (text: string) => new URL(/https?:\/\/\S+/.exec(text)?.[0] ?? '').pathname;
  const asks = await askToBeLetIn(instance, 'https://client.example/back', 'A client of mine');
  const shows = await askToBeLetIn(instance, 'urn:ietf:wg:oauth:2.0:oob', 'A terminal');
  const list = await ask(instance, owner, 'POST', '/api/v1/lists', {
    title: 'People of the coast',
  });
  await ask(instance, owner, 'POST', '/api/v1/statuses', {
    status: 'To be read much later',
    scheduled_at: new Date(Date.now() + 86_400_000).toISOString(),
  });
  const filter = await ask(instance, owner, 'POST', '/api/v2/filters', {
    title: 'Loud',
    context: ['public', 'thread'],
    keywords_attributes: [{ keyword: 'lovely' }, { keyword: 'From Ben' }],
  });
  await instance.verb(['backup', 'create']);
  const post = `/@ann/${album.id}`;
  const sights: Sight[] = [
    ...everybody(['/', '/@ann', post, `${post}/photo/2`, `/@ann/${single.id}`, `${post}/history`]),
    ...everybody([`/@ann/${warned.id}`, '/tags/outside', '/about', '/nothing', '/@nobody']),
    ...everybody(['/@ann/followers', '/@ben/following']),
    ...everybody(['/explore', '/local']),
    ...mine(['/requests', '/search', '/search?q=ann', '/search?q=nothing+at+all']),
    ...mine([
      '/notifications',
      '/bookmarks',
      '/likes',
      '/messages',
      '/messages?to=@ben',
      '/network',
    ]),
    ...mine([`/settings/filters/${filter.id}`, '/api/docs']),
    ...mine([
      '/settings/import',
      '/scheduled',
      '/lists',
      `/lists/${list.id}`,
      `/lists/${list.id}/edit`,
    ]),
    ...mine([`${post}/likes`, `${post}/boosts`, '/settings/muted', '/settings/blocked']),
    ...mine([`/@ben/${bens.id}`, `${post}/edit`, '/@ben', '/compose']),
    ...mine(
      [
        'profile',
        'posting',
        'interactions',
        'filters',
        'storage',
        'archive',
        'security',
        'account',
      ].map((s) => `/settings/${s}`),
    ),
    ...mine(
      [
        'accounts',
        'invites',
        'reports',
        'domains',
        'storage',
        'backups',
        'settings',
        'closing',
      ].map((s) => `/admin/${s}`),
    ),
    ...mine(['/admin']),
    { name: '/sign-in', path: '/sign-in', as: 'stranger' },
    { name: '/join', path: pathOf(invite), as: 'stranger' },
    { name: '/join, used', path: '/join/nothing', as: 'stranger' },
    { name: '/reset', path: pathOf(reset), as: 'stranger' },
    { name: '/reset, used', path: '/reset/nothing', as: 'stranger' },
    { name: '/oauth/authorize', path: `/oauth/authorize?${asks}`, as: 'owner' },
    { name: '/oauth/authorize, signed out', path: `/oauth/authorize?${asks}`, as: 'stranger' },
    { name: '/oauth/authorize, wrong', path: '/oauth/authorize?client_id=x', as: 'owner' },
    {
      name: 'a code to copy into an app',
      path: `/oauth/authorize?${shows}`,
      as: 'owner',
      prepare: (page) => page.getByRole('button', { name: 'Let it in' }).click(),
    },
    { name: '/setup', path: '/setup', as: 'newcomer' },
    ...openedSights(post, warned.id),
  ];
  return { instance, empty, owner, sights };
}

const everybody = (paths: string[]): Sight[] =>
  paths.flatMap((path) => [
    { name: path, path, as: 'stranger' },
    { name: `${path}, signed in`, path, as: 'owner' },
  ]);

const mine = (paths: string[]): Sight[] => paths.map((path) => ({ name: path, path, as: 'owner' }));

/** Pages with something open on them. */
function openedSights(post: string, warnedId: string): Sight[] {
  const as = 'owner';
  return [
    { name: 'viewer', path: post, as, prepare: openViewer },
    {
      name: 'the menu of a post and its question',
      path: post,
      as,
      prepare: async (page) => {
        await page.getByLabel('More actions').first().click();
        await page.locator('.menu-sheet summary', { hasText: 'Delete' }).first().click();
      },
    },
    {
      name: 'a photo behind a warning, shown',
      path: `/@ann/${warnedId}`,
      as,
      prepare: (page) => page.locator('.cover summary').click(),
    },
    {
      name: 'an account under the hands of an admin',
      path: '/admin/accounts',
      as,
      prepare: async (page) => {
        await page.getByText('Manage ben').click();
        await page.locator('summary', { hasText: 'Suspend' }).click();
      },
    },
    {
      name: 'a sign-in that was refused',
      path: '/sign-in',
      as: 'stranger',
      prepare: async (page) => {
        await page.getByLabel('Username or email').fill('ann');
        await page.getByLabel('Password', { exact: true }).fill('wrong wrong wrong');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('alert').waitFor();
      },
    },
    { name: 'the composer with photos in progress', path: '/compose', as, prepare: fillComposer },
    { name: 'a photo that is cut', path: '/compose', as, prepare: openCrop },
    { name: 'a list that was read', path: '/settings/import', as, prepare: bringList },
    { name: 'an archive on its way', path: '/settings/archive', as, prepare: askForArchive },
    // The last, because from here on every page says it.
    { name: 'the end is announced', path: '/admin/closing', as, prepare: announceEnd },
  ];
}

async function bringList(page: Page): Promise<void> {
  const buffer = Buffer.from('Account address,Show boosts\nben@elsewhere.example,true\n');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'following_accounts.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('button', { name: 'Upload and look' }).click();
  // Only with the last state: between them the page loads itself anew.
  await page.getByRole('button', { name: 'Take it in' }).waitFor();
}

async function askForArchive(page: Page): Promise<void> {
  const ask = page.getByRole('button', { name: 'Make an archive' });
  if ((await ask.count()) > 0) await ask.click();
  await page.getByText('Your archives').waitFor();
}

async function announceEnd(page: Page): Promise<void> {
  if ((await page.getByText('What is announced').count()) > 0) return;
  await page.locator('summary', { hasText: 'Announce the end' }).click();
  const inMonths = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Last day').fill(inMonths);
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await page.getByRole('button', { name: 'Announce', exact: true }).click();
  await page.getByText('What is announced').waitFor();
}

async function openViewer(page: Page): Promise<void> {
  await page.locator('.photo-link').first().click();
  await page.locator('dialog.viewer[open]').waitFor();
}

async function openCrop(page: Page): Promise<void> {
  // The draft of the sight before is still there; its uploads are not held back any more.
  await page.unroute('**/api/v2/media');
  await page.getByRole('button', { name: 'Crop and turn: Photo 1', exact: true }).click();
  await page.locator('dialog.crop[open] canvas').waitFor();
}

/** Photos that are ready, on their way, waiting and refused. */
export async function fillComposer(page: Page): Promise<void> {
  await pickPhotos(page, [await plainPhoto(1), await plainPhoto(5), notPhoto()]);
  await waitForPhotos(page, 3);
  await page.route('**/api/v2/media', () => undefined);
  await pickPhotos(page, await Promise.all([6, 7, 8].map((n) => plainPhoto(n))));
  await page.getByText('Waits for its turn').first().waitFor();
  await page.locator('#caption').fill('Still on their way #patience');
  await tiles(page).nth(5).waitFor();
}

/** One page per role in contexts of these options; `visit` opens a sight and prepares it. */
export async function openEyes(
  house: FullHouse,
  newContext: () => Promise<BrowserContext>,
): Promise<{ pages: Page[]; visit: (sight: Sight) => Promise<Page> }> {
  const { instance, empty, owner } = house;
  const stranger = await (await newContext()).newPage();
  const mine = await openAs(await newContext(), instance, owner);
  const newcomer = await (await newContext()).newPage();
  const visit = async (sight: Sight): Promise<Page> => {
    if (sight.as === 'newcomer') {
      await newcomer.goto(empty.setupLink);
      return newcomer;
    }
    const page = sight.as === 'owner' ? mine : stranger;
    await open(page, instance, sight);
    await sight.prepare?.(page);
    return page;
  };
  return { pages: [stranger, mine, newcomer], visit };
}

async function open(page: Page, instance: Instance, sight: Sight): Promise<void> {
  if (sight.path === '/compose') return await openComposer(page, instance);
  try {
    await page.goto(instance.url + sight.path);
  } catch (error) {
    if (error instanceof errors.TimeoutError) throw new Error(`${sight.name} did not load.`);
    throw error;
  }
}
