import { afterEach, expect, test } from 'bun:test';
import { sourceAddress } from '#base/core/source-address.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';

let app: TestApp;
afterEach(() => app.close());

const RULES = 'Be kind.\nNo advertising.';
const html = async (path: string) => (await app.request(path)).text();

test('whoever joins reads the house rules before the button', async () => {
  app = await createTestApp({
    settings: { mode: 'community', registration: 'open', 'instance.rules': RULES },
  });
  await app.person('ada', 'owner');
  const page = await html('/join/open');
  expect(page).toContain('<li>Be kind.</li><li>No advertising.</li>');
  expect(page.indexOf('No advertising.')).toBeLessThan(page.indexOf('Create an account'));
  expect((await html('/sign-in')).match(/href="\/join/g)).toHaveLength(1);
});

test('without rules nobody is asked to keep any', async () => {
  app = await createTestApp({ settings: { mode: 'community', registration: 'open' } });
  await app.person('ada', 'owner');
  expect(await html('/join/open')).not.toContain('ouse rules');
});

test('a profile shows its website once, and the lines below it', async () => {
  app = await createTestApp();
  const ada = await app.person('ada', 'owner');
  const saved = await app.request('/settings/profile', {
    as: ada,
    form: {
      display_name: 'Ada',
      website: 'https://ada.example',
      field_name_1: 'Camera',
      field_value_1: 'a Nikon D70',
    },
  });
  expect(saved.status).toBe(303);
  const page = await html('/@ada');
  expect(page.match(/href="https:\/\/ada\.example\/?"/g)).toHaveLength(1);
  expect(page).toContain('a Nikon D70');
});

test('while nobody can make an account, the invite page explains instead of offering a form', async () => {
  app = await createTestApp({ settings: { mode: 'solo' } });
  const ada = await app.person('ada', 'owner');
  const page = await (await app.request('/admin/invites', { as: ada })).text();
  expect(page).toContain('New accounts are switched off');
  expect(page).toContain('href="/admin/settings"');
  expect(page).not.toContain('name="uses"');
});

test('the pages name the licence, and lead to the source only where it is known', async () => {
  app = await createTestApp();
  await app.person('ada', 'owner');
  const page = await html('/about');
  expect(page).toContain('GNU Affero General Public License');
  expect(page).toContain('Ask whoever runs this place for the source code');
  expect(page).not.toContain('Source code</a>');
});

test('the address of the source is the repository, else the home page, and never anything but the web', () => {
  const repository = { url: 'git+https://git.example.org/me/tintype.git' };
  expect(sourceAddress({ repository, homepage: 'https://example.org' })).toBe(
    'https://git.example.org/me/tintype',
  );
  expect(sourceAddress({ repository: 'github:me/tintype', homepage: 'https://example.org' })).toBe(
    'https://example.org',
  );
  expect(sourceAddress({ repository: 'https://example.org/source' })).toBe(
    'https://example.org/source',
  );
  expect(sourceAddress({ homepage: 'javascript:alert(1)' })).toBeNull();
  expect(sourceAddress({})).toBeNull();
});
