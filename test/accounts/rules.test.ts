import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createAccount } from '#domain/accounts/create-account.ts';
import { problemOfEmail } from '#domain/accounts/emails.ts';
import { problemOfPassword } from '#domain/accounts/password-rules.ts';
import { readManyPreferences, savePreferences } from '#domain/accounts/preferences.ts';
import { cleanLine, cleanWebsite } from '#domain/accounts/profile-text.ts';
import { findAccountByUsername } from '#domain/accounts/queries.ts';
import { problemOfUsername } from '#domain/accounts/usernames.ts';
import { createWorld, PASSWORD } from './world.ts';

test('usernames are short, plain and not reserved', () => {
  for (const good of ['a', 'Ada_99', 'x'.repeat(30), '_', 'adminton']) {
    expect(problemOfUsername(good)).toBe(null);
  }
  for (const bad of ['', 'x'.repeat(31), 'a b', 'a-b', 'ä', 'a\n', 'a\r\nx: y', '../x', 'ada@x']) {
    expect(problemOfUsername(bad)).not.toBe(null);
  }
  for (const reserved of ['admin', 'Owner', 'SETUP', 'settings', 'api', 'media', 'inbox']) {
    expect(problemOfUsername(reserved)).toContain('reserved');
  }
});

test('a name is taken in any case, and so is an address', async () => {
  const { ctx, db, person } = createWorld();
  await person('Ada', 'owner');
  expect(findAccountByUsername(db, 'aDA')?.username).toBe('Ada');
  const input = { password: PASSWORD, role: 'member' } as const;
  const name = createAccount(ctx, { ...input, username: 'ADA', email: 'other@example.org' });
  await expect(name).rejects.toThrow('taken');
  const email = createAccount(ctx, { ...input, username: 'eve', email: 'ADA@EXAMPLE.org' });
  await expect(email).rejects.toThrow('already');
});

test('an account that loses a race for its name leaves no half account', async () => {
  const { ctx, db } = createWorld();
  const make = (email: string) =>
    createAccount(ctx, { username: 'bob', email, password: PASSWORD, role: 'member' });
  const made = await Promise.allSettled([make('a@example.org'), make('b@example.org')]);
  expect(made.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  for (const table of ['accounts', 'logins', 'preferences']) {
    expect(db.query(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 1 });
  }
});

test('there is one owner, whatever races', async () => {
  const { ctx, db, person } = createWorld();
  const made = await Promise.allSettled(['a', 'b', 'c'].map((name) => person(name, 'owner')));
  expect(made.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  await expect(person('late', 'owner')).rejects.toThrow('owner already');
  const insert = () =>
    db.run(`INSERT INTO accounts (id, username, role, created_at)
    VALUES (1, 'x', 'owner', 0)`);
  expect(insert).toThrow('UNIQUE');
  expect(ctx.db.query('SELECT count(*) AS n FROM accounts').get()).toEqual({ n: 1 });
});

test('email addresses are looked at for their form', () => {
  for (const good of [
    'a@b.example',
    'first.last+tag@sub.example.org',
    'x@localhost',
    'ü@exämple.ch',
  ]) {
    expect(problemOfEmail(good)).toBe(null);
  }
  for (const bad of [
    '',
    'ada',
    '@example.org',
    'ada@',
    'ada@example',
    'ada@-example.org',
    'a..b@example.org',
    'ada@exa mple.org',
    'ada@example.org\r\nBcc: x@example.org',
    '"a"@example.org',
    'a@b@example.org',
    `${'x'.repeat(65)}@example.org`,
    `a@${'x'.repeat(64)}.org`,
  ]) {
    expect(problemOfEmail(bad)).not.toBe(null);
  }
});

test('a hostile address costs no time', () => {
  const started = performance.now();
  for (const hostile of [
    `${'a'.repeat(1e6)}@`,
    `a@${'a.'.repeat(5e5)}`,
    `${'.'.repeat(1e6)}@example.org`,
    `a@${'-'.repeat(1e6)}`,
    `${'a@'.repeat(5e5)}`,
  ]) {
    expect(problemOfEmail(hostile)).not.toBe(null);
  }
  // Milliseconds would do; a backtracking pattern would take years.
  expect(performance.now() - started).toBeLessThan(2000);
});

test('passwords are long and not the name of their owner', () => {
  const who = { username: 'adalovelace', email: 'ada@example.org' };
  expect(problemOfPassword('correct horse', who)).toBe(null);
  expect(problemOfPassword('päßwört 🔑🔑', who)).toBe(null);
  for (const bad of [
    '',
    '123456789',
    'AdaLovelace',
    '@adalovelace',
    ' ada@example.org ',
    'aaaaaaaaaaaa',
    '🔑'.repeat(9),
    'x1'.repeat(300),
  ]) {
    expect(problemOfPassword(bad, who)).not.toBe(null);
  }
});

test('a line of a profile has no characters that play with the text around it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
      const line = cleanLine(text);
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      expect(cleanLine(line)).toBe(line);
    }),
    { numRuns: 50 },
  );
});

test('a website is http or https, whatever is typed', () => {
  expect(cleanWebsite(' photos.example/me ')).toBe('https://photos.example/me');
  expect(cleanWebsite('http://photos.example')).toBe('http://photos.example/');
  expect(cleanWebsite('')).toBe('');
  for (const bad of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'https://',
    'https://localhost',
    'mailto:a@b.example',
    'https://a:b@c.example',
    `https://x.example/${'x'.repeat(300)}`,
  ]) {
    expect(cleanWebsite(bad)).toBe(null);
  }
});

test('preferences start from the settings of the place and change one by one', async () => {
  const { db, person } = createWorld({ 'posts.default_visibility': 'followers' });
  const ada = await person('ada', 'owner');
  const bob = await person('bob');
  savePreferences(db, bob.id, { showIso: true });
  savePreferences(db, bob.id, { theme: 'dark' });
  const many = readManyPreferences(db, [ada.id, bob.id, 404]);
  expect(many.get(ada.id)).toMatchObject({ defaultVisibility: 'followers', showIso: false });
  expect(many.get(bob.id)).toMatchObject({ showIso: true, theme: 'dark', keepOriginals: true });
  expect(many.get(404)).toMatchObject({ defaultVisibility: 'public', theme: 'auto' });
});
