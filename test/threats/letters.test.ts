import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { sendMail } from '#base/platform/mail.ts';
import { createSetupCode } from '#domain/accounts/setup-code.ts';
import { createTestApp, PASSWORD, type Person, type TestApp } from '#test/harness/app.ts';
import { silentLog } from '#test/harness/silent-log.ts';
import { createSmtpServer } from '#test/harness/smtp.ts';

/** What would make one letter two, or one receiver many. */
const RECEIVERS = [
  'a@example.org\r\nBcc: eve@example.org',
  'a@example.org\nBcc: eve@example.org',
  'a@example.org\rBcc:eve@example.org',
  'a@example.org\r\n\r\nAnother text',
  'a@example.org>\r\nRCPT TO:<eve@example.org',
  'a@example.org, eve@example.org',
  'a@example.org; eve@example.org',
  'Eve <eve@example.org>, a@example.org',
  '"a@example.org\r\nX: y" <eve@example.org>',
  'a@example.org\u2028Bcc: eve@example.org',
  'a@example.org\u0000eve@example.org',
  'a@example.org%0aBcc:eve@example.org',
  'group: a@example.org, eve@example.org;',
  'a@b@example.org',
  'a(comment)@example.org',
];

let app: TestApp;
let ann: Person;
beforeAll(async () => {
  app = await createTestApp({
    settings: { mode: 'community', registration: 'open' },
    config: { rates: false },
  });
  ann = await app.person('ann', 'owner');
});
afterAll(() => app.close());

const emails = () =>
  app.ctx.db
    .query<{ email: string }, []>('SELECT email FROM logins ORDER BY email')
    .all()
    .map(({ email }) => email);

describe('T103: an address with more in it than one receiver', () => {
  test.each(RECEIVERS.map((text) => [text]))('T103: is taken nowhere: %j', async (email) => {
    const before = emails();
    const name = `x${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`;
    const address = `2001:db8:${name.slice(1, 5)}:${name.slice(5, 9)}::1`;
    const same = { 'sec-fetch-site': 'same-origin' };
    const joined = await app.request('/join/open', {
      form: { username: name, email, password: 'a long enough one' },
      headers: same,
      address,
    });
    expect(joined.status).toBe(422);
    const changed = await app.request('/settings/security/email', {
      as: ann,
      form: { email, email_password: PASSWORD },
    });
    expect(changed.status).toBe(422);
    expect(emails()).toEqual(before);
  });

  test('T103: is not taken by an app, nor for the first owner', async () => {
    const made = await app.request('/api/v1/apps', {
      json: { client_name: 'x', redirect_uris: 'x://y', scopes: 'read write' },
    });
    const { client_id, client_secret } = (await made.json()) as Record<string, string>;
    const grant = { grant_type: 'client_credentials', client_id, client_secret, scope: 'write' };
    const token = await app.request('/oauth/token', { json: grant });
    const { access_token = '' } = (await token.json()) as Record<string, string>;
    const fresh = await createTestApp();
    const { code } = createSetupCode(fresh.ctx);
    for (const [n, email] of RECEIVERS.entries()) {
      const person = { username: `app${n}`, email, password: 'a long enough one' };
      const signedUp = await app.request('/api/v1/accounts', {
        token: access_token,
        json: { ...person, agreement: true },
        address: `192.0.2.${n}`,
      });
      expect([email, signedUp.status]).toEqual([email, 422]);
      const setUp = await fresh.request('/setup', {
        form: { ...person, code, mode: 'solo', instance_name: 'Ours' },
        headers: { 'sec-fetch-site': 'same-origin' },
        address: `192.0.2.${n}`,
      });
      expect([email, setUp.status]).toEqual([email, 422]);
    }
    expect(emails()).toEqual(['ann@example.org']);
    await fresh.close();
  });

  test('T103: reaches nobody but the one it names, whoever wrote it into the database', async () => {
    const server = await createSmtpServer();
    const mail = { url: `smtp://127.0.0.1:${server.port}`, from: 'photos@example.org' };
    for (const to of RECEIVERS) {
      await sendMail(
        { config: { mail }, log: silentLog },
        { to, subject: 'Hello\r\nBcc: eve@example.org', text: 'Words' },
      ).catch(() => undefined);
    }
    for (const { to, data } of server.letters) {
      expect(to).toHaveLength(1);
      expect(to[0]).not.toMatch(/^eve@/);
      const headers = data.slice(0, data.indexOf('\n\n')).split('\n');
      expect(headers.filter((line) => /^(bcc|cc|x):/i.test(line))).toEqual([]);
    }
    await server.close();
  });

  test('T103: nobody can have letters sent to people who did not ask for them', async () => {
    for (let n = 0; n < 3; n += 1) {
      const joined = await app.request('/join/open', {
        form: { username: `new${n}`, email: `new${n}@example.net`, password: 'a long enough one' },
        headers: { 'sec-fetch-site': 'same-origin' },
        address: `198.51.100.${n}`,
      });
      expect(joined.status).toBe(303);
    }
    const again = await app.request('/api/v1/emails/confirmations', {
      token: ann.token,
      json: { email: 'somebody@example.net' },
    });
    expect(again.status).toBe(404);
    const letters = app.ctx.db.query("SELECT kind FROM jobs WHERE kind LIKE 'mail%'").all();
    expect(letters).toEqual([]);
  });
});
