import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { createToken } from '#domain/accounts/tokens.ts';
import type { CredentialAccountJson } from '#doors/entities/types.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { createMediaApp, photo } from '#test/media/world.ts';

let app: TestApp;
let ada: Person;
let bob: Person;
beforeEach(async () => {
  app = await createMediaApp({ config: { rates: false } });
  ada = await app.person('ada', 'owner');
  bob = await app.person('bob');
});
afterEach(() => app.close());

const UPDATE = '/api/v1/accounts/update_credentials';

async function ask<T = CredentialAccountJson>(path: string, how: RequestOptions = {}) {
  const answer = await app.request(path, { token: bob.token, ...how });
  expect(answer.headers.get('content-type')).toStartWith('application/json');
  return { status: answer.status, json: (await answer.json()) as T };
}

describe('the own account', () => {
  test('has everything that apps read without looking whether it is there', async () => {
    const { json } = await ask('/api/v1/accounts/verify_credentials?_pe=1');
    expect(json.source).toMatchObject({
      privacy: 'public',
      sensitive: false,
      note: '',
      fields: [],
    });
    expect(json.role.permissions).toBe('0');
    expect(json.settings.show_atom).toBe(true);
    expect(json.website).toBe('');
    for (const value of Object.values(json.settings)) expect(value).toBeBoolean();
  });

  test('is read with the scope `profile` alone', async () => {
    const token = createToken(app.ctx, bob.viewer.id, 'app', 'profile');
    expect((await ask('/api/v1/accounts/verify_credentials', { token })).status).toBe(200);
    expect((await ask(UPDATE, { token, method: 'PATCH' })).status).toBe(403);
  });

  test('is changed by JSON, form, multipart and query alike', async () => {
    const form = new FormData();
    form.append('display_name', 'By multipart');
    for (const [name, how] of [
      ['By JSON', { method: 'PATCH', json: { display_name: 'By JSON' } }],
      ['By form', { method: 'PATCH', form: { display_name: 'By form' } }],
      ['By multipart', { method: 'POST', body: form }],
    ] as const) {
      expect((await ask(UPDATE, how)).json.display_name).toBe(name);
    }
    const headers = { 'content-type': 'application/json' };
    const { json } = await ask(`${UPDATE}?display_name=By%20query&_pe=1`, {
      method: 'PATCH',
      headers,
    });
    expect(json.display_name).toBe('By query');
  });

  test('takes its lines in every shape of brackets', async () => {
    const wanted = [
      { name: 'Camera', value: 'Old' },
      { name: 'Town', value: 'Small' },
    ];
    const shapes: RequestOptions[] = [
      { form: numbered(wanted) },
      { json: { fields_attributes: wanted } },
      { json: { fields_attributes: { 0: wanted[0], 1: wanted[1] } } },
      { json: numbered(wanted) },
      {
        body: new URLSearchParams([
          ['fields_attributes[][name]', 'Camera'],
          ['fields_attributes[][value]', 'Old'],
          ['fields_attributes[][name]', 'Town'],
          ['fields_attributes[][value]', 'Small'],
        ]),
      },
    ];
    for (const shape of shapes) {
      await ask(UPDATE, { method: 'PATCH', json: { fields_attributes: [] } });
      expect((await ask(UPDATE, { method: 'PATCH', ...shape })).json.source.fields).toEqual(wanted);
    }
    const five = Array.from({ length: 5 }, (_, n) => ({ name: `n${n}`, value: 'v' }));
    expect((await ask(UPDATE, { method: 'PATCH', json: { fields_attributes: five } })).status).toBe(
      422,
    );
  });

  test('keeps the website beside its lines when apps send the lines back', async () => {
    await ask(UPDATE, { method: 'PATCH', json: { website: 'example.org' } });
    const first = await ask('/api/v1/accounts/verify_credentials');
    expect(first.json.website).toBe('https://example.org/');
    const { fields } = first.json.source;
    const after = await ask(UPDATE, { method: 'PATCH', json: { fields_attributes: fields } });
    expect(after.json.website).toBe('https://example.org/');
    expect(after.json.fields.map(({ name }) => name)).toEqual(['Website']);
  });

  test('keeps what new posts start with', async () => {
    const form = {
      'source[privacy]': 'private',
      'source[sensitive]': 'true',
      'source[language]': 'pt-BR',
    };
    const { json } = await ask(UPDATE, { method: 'PATCH', form });
    expect(json.source).toMatchObject({ privacy: 'private', sensitive: true, language: 'pt-BR' });
    const preferences = await ask<Record<string, unknown>>('/api/v1/preferences');
    expect(preferences.json).toMatchObject({
      'posting:default:visibility': 'private',
      'posting:default:sensitive': true,
      'posting:default:language': 'pt-BR',
      'reading:expand:media': 'default',
      'reading:expand:spoilers': false,
    });
    const posted = await ask<{ language: string }>('/api/v1/statuses', { json: { status: 'Olá' } });
    expect(posted.json.language).toBe('pt-BR');
    const none = await ask(UPDATE, { method: 'PATCH', form: { 'source[language]': '' } });
    expect(none.json.source.language).toBeNull();
    for (const bad of ['nonsense', '__proto__', 'constructor']) {
      const refused = await ask(UPDATE, { method: 'PATCH', form: { 'source[privacy]': bad } });
      expect(refused.status).toBe(422);
    }
  });

  test('lets an app say otherwise, photo by photo', async () => {
    await ask(UPDATE, { method: 'PATCH', form: { 'source[sensitive]': '1' } });
    const upload = async () => {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(await photo(40, 30))]), 'a.jpg');
      return (await ask<{ id: string }>('/api/v2/media', { body: form })).json.id;
    };
    for (const [said, sensitive] of [
      [{}, true],
      [{ sensitive: false }, false],
    ] as const) {
      const json = { status: 'x', media_ids: [await upload()], ...said };
      const posted = await ask<{ sensitive: boolean }>('/api/v1/statuses', { json });
      expect(posted.json.sensitive).toBe(sensitive);
    }
    const words = await ask<{ sensitive: boolean }>('/api/v1/statuses', { json: { status: 'x' } });
    expect(words.json.sensitive).toBe(false);
  });

  test("knows Pixelfed's names for switches, and ignores what is not possible here", async () => {
    const query =
      'is_suggestable=0&crawlable=false&show_atom=false&media_descriptions=1&reduce_motion=true';
    const { json } = await ask(`${UPDATE}?${query}`, { method: 'PATCH' });
    expect(json.settings).toMatchObject({
      is_suggestable: false,
      crawlable: false,
      show_atom: false,
      media_descriptions: true,
      reduce_motion: false,
    });
    expect(readPreferences(app.ctx.db, bob.viewer.id).requireAltText).toBe(true);
  });

  test('gets a picture by multipart and loses it by DELETE', async () => {
    const form = new FormData();
    form.append('avatar', new Blob([new Uint8Array(await photo(80, 60))]), 'me.jpg');
    const { json } = await ask(UPDATE, { method: 'POST', body: form });
    expect(json.avatar).toContain('/media/');
    expect((await ask<{ avatar: string | null }>('/api/v1/profile')).json.avatar).toBe(json.avatar);
    for (const path of ['/api/v1.1/accounts/avatar', '/api/v1/profile/avatar']) {
      expect((await ask(path, { method: 'DELETE' })).json.avatar).toEndWith('/missing.png');
    }
    expect((await ask<{ avatar: string | null }>('/api/v1/profile')).json.avatar).toBeNull();
  });

  test('refuses a header picture instead of pretending', async () => {
    const form = new FormData();
    form.append('header', new Blob([new Uint8Array(await photo(80, 60))]), 'wide.jpg');
    expect((await ask(UPDATE, { method: 'PATCH', body: form })).status).toBe(422);
    const empty = new FormData();
    empty.append('header', new Blob([]), '');
    empty.append('display_name', 'Bob');
    expect((await ask(UPDATE, { method: 'PATCH', body: empty })).status).toBe(200);
  });

  test('T75: a form of another site, or one without its token, changes nothing', async () => {
    const cookie = bob.cookie;
    for (const headers of [
      { cookie, 'sec-fetch-site': 'cross-site' },
      { cookie, 'sec-fetch-site': 'same-origin' },
      { cookie },
    ]) {
      for (const body of [new URLSearchParams({ display_name: 'Evil' }), multipart('Evil')]) {
        const answer = await app.request(UPDATE, { method: 'POST', headers, body });
        expect(answer.status).toBe(403);
      }
    }
    expect((await ask('/api/v1/accounts/verify_credentials')).json.display_name).toBe('');
    const own = await app.request(UPDATE, {
      as: bob,
      method: 'PATCH',
      json: { display_name: 'Me' },
    });
    expect(own.status).toBe(200);
  });
});

describe('markers', () => {
  const mark = (json: unknown, how: RequestOptions = {}) =>
    ask<Record<string, { last_read_id: string; version: number; updated_at: string }>>(
      '/api/v1/markers',
      { json, ...how },
    );
  test('are kept, counted and read by name', async () => {
    expect((await mark({})).json).toEqual({});
    const first = await mark({ home: { last_read_id: '12' } });
    expect(first.json.home).toMatchObject({ last_read_id: '12', version: 1 });
    expect(first.json.home?.updated_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const form = { 'home[last_read_id]': '15', 'notifications[last_read_id]': '3' };
    const again = await app.request('/api/v1/markers', { token: bob.token, form });
    expect(((await again.json()) as { home: { version: number } }).home.version).toBe(2);
    const asked = await ask('/api/v1/markers?timeline[]=notifications&timeline[]=none');
    expect(Object.keys(asked.json)).toEqual(['notifications']);
    expect((await ask('/api/v1/markers')).json as unknown).toEqual({});
    const foreign = await ask('/api/v1/markers?timeline[]=home', { token: ada.token });
    expect(foreign.json as unknown).toEqual({});
  });
  test('answer 409 to an app that missed a change, and change nothing then', async () => {
    await mark({ home: { last_read_id: '5' } });
    const late = await mark({
      notifications: { last_read_id: '9' },
      home: { last_read_id: '4', version: 0 },
    });
    expect(late.status).toBe(409);
    const { json } = await ask('/api/v1/markers?timeline[]=home&timeline[]=notifications');
    expect(json as unknown).toMatchObject({ home: { last_read_id: '5', version: 1 } });
    expect(Object.keys(json)).toEqual(['home']);
  });
  test('are no place for anything but ids', async () => {
    for (const bad of ['x', '', '-1', '1e3', null, {}, 'x'.repeat(1000)]) {
      expect((await mark({ home: { last_read_id: bad } })).status).toBe(422);
    }
  });
});

function numbered(lines: readonly { name: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(
    lines.flatMap(({ name, value }, n) => [
      [`fields_attributes[${n}][name]`, name],
      [`fields_attributes[${n}][value]`, value],
    ]),
  );
}

function multipart(name: string): FormData {
  const form = new FormData();
  form.append('display_name', name);
  return form;
}
