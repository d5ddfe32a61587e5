import { afterEach, expect, test } from 'bun:test';
import { normaliseDomain } from '#base/core/domains.ts';
import { exportRules } from '#domain/policy/export-rules.ts';
import { importRules } from '#domain/policy/import-rules.ts';
import { listRules, type Rule } from '#domain/policy/queries.ts';
import { readList } from '#domain/policy/read-list.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { removeRule } from '#domain/policy/remove-rule.ts';
import { setRule } from '#domain/policy/set-rule.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';
import { fastest } from '#test/harness/fastest.ts';

const opened: TestApp[] = [];
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

async function world(settings: Record<string, string> = {}): Promise<TestApp> {
  const app = await createTestApp({ config: { origin: 'https://photos.example' }, settings });
  opened.push(app);
  return app;
}

const rulesOf = ({ ctx }: TestApp): Record<string, Rule> =>
  Object.fromEntries(listRules(ctx.db).map(({ domain, rule }) => [domain, rule]));

test('a rule holds for everything below its domain, and the narrowest one wins', async () => {
  const { ctx } = await world();
  setRule(ctx, null, { domain: 'bad.example', rule: 'block' });
  setRule(ctx, null, { domain: 'nice.bad.example', rule: 'allow' });
  setRule(ctx, null, { domain: 'loud.example', rule: 'limit' });
  expect(policyOf(ctx, 'bad.example')).toBe('blocked');
  expect(policyOf(ctx, 'a.b.bad.example')).toBe('blocked');
  expect(policyOf(ctx, 'bad.example:8443')).toBe('blocked');
  expect(policyOf(ctx, 'BAD.example')).toBe('blocked');
  expect(policyOf(ctx, 'notbad.example')).toBe('open');
  expect(policyOf(ctx, 'x.nice.bad.example')).toBe('open');
  expect(policyOf(ctx, 'loud.example')).toBe('limited');
  removeRule(ctx, 'bad.example');
  expect(policyOf(ctx, 'bad.example')).toBe('open');
});

test('a rule with a port is for that port alone, and an address has nothing above it', async () => {
  const { ctx } = await world();
  setRule(ctx, null, { domain: '127.0.0.2:4000', rule: 'block' });
  setRule(ctx, null, { domain: 'example', rule: 'block' });
  expect(policyOf(ctx, '127.0.0.2:4000')).toBe('blocked');
  expect(policyOf(ctx, '127.0.0.2:4001')).toBe('open');
  expect(policyOf(ctx, 'any.example')).toBe('blocked');
});

test('with an allow list only allowed domains are spoken with, and limits hold inside of it', async () => {
  const { ctx } = await world({ 'federation.with': 'allowlist' });
  setRule(ctx, null, { domain: 'friends.example', rule: 'allow' });
  setRule(ctx, null, { domain: 'loud.friends.example', rule: 'limit' });
  setRule(ctx, null, { domain: 'bad.friends.example', rule: 'block' });
  setRule(ctx, null, { domain: 'other.example', rule: 'limit' });
  expect(policyOf(ctx, 'friends.example')).toBe('open');
  expect(policyOf(ctx, 'loud.friends.example')).toBe('limited');
  expect(policyOf(ctx, 'bad.friends.example')).toBe('blocked');
  expect(policyOf(ctx, 'other.example')).toBe('blocked');
  expect(policyOf(ctx, 'stranger.example')).toBe('blocked');
});

test('a family speaks with nobody unless the owner says so', async () => {
  const family = await world({ mode: 'family' });
  expect(policyOf(family.ctx, 'friends.example')).toBe('blocked');
  const open = await world({ mode: 'family', 'federation.with': 'open' });
  expect(policyOf(open.ctx, 'friends.example')).toBe('open');
});

test('domains are compared in lower case and IDNA, as people paste them', () => {
  expect(normaliseDomain('  Example.ORG ')).toBe('example.org');
  expect(normaliseDomain('*.example.org')).toBe('example.org');
  expect(normaliseDomain('https://example.org/about?x')).toBe('example.org');
  expect(normaliseDomain('bücher.example')).toBe('xn--bcher-kva.example');
  expect(normaliseDomain('example。com')).toBe('example.com');
  expect(normaliseDomain('example.org.')).toBe('example.org');
  expect(normaliseDomain('example.org.:8443')).toBe('example.org:8443');
  expect(normaliseDomain('example.org:443')).toBe('example.org');
  expect(normaliseDomain('127.0.0.2:4000')).toBe('127.0.0.2:4000');
  for (const bad of ['', ' ', 'a b', 'user@example.org', 'ex****le.org', '..', 'x'.repeat(300)]) {
    expect(normaliseDomain(bad)).toBeNull();
  }
});

test('our own domain and what is no domain get no rule', async () => {
  const { ctx } = await world();
  expect(() => setRule(ctx, null, { domain: 'photos.example', rule: 'block' })).toThrow('itself');
  expect(() => setRule(ctx, null, { domain: 'no domain', rule: 'block' })).toThrow('no domain');
  expect(() => removeRule(ctx, 'nothing.example')).toThrow('no rule');
});

test('lists come and go as Mastodon writes them', async () => {
  const one = await world();
  const csv = [
    '#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate',
    'bad.example,suspend,true,true,"Spam, ""and"" worse",false',
    'loud.example,silence,false,false,,false',
    'calm.example,noop,true,false,,false',
    'hid***.example,suspend,false,false,,true',
    '',
  ].join('\r\n');
  const done = await importRules(one.ctx, null, { text: csv, fallback: 'block' });
  expect(done).toMatchObject({ added: 2, tightened: 0, kept: 0 });
  expect(done.skipped.map(({ line, domain }) => [line, domain])).toEqual([
    [4, 'calm.example'],
    [5, 'hid***.example'],
  ]);
  expect(rulesOf(one)).toEqual({ 'bad.example': 'block', 'loud.example': 'limit' });
  const two = await world();
  await importRules(two.ctx, null, { text: exportRules(one.ctx, 'blocks'), fallback: 'block' });
  expect(
    listRules(two.ctx.db).map(({ domain, rule, reason }) => ({ domain, rule, reason })),
  ).toEqual([
    { domain: 'bad.example', rule: 'block', reason: 'Spam, "and" worse' },
    { domain: 'loud.example', rule: 'limit', reason: '' },
  ]);
});

test('a plain list of domains is taken, with comments, and never loosens or contradicts a rule', async () => {
  const app = await world();
  setRule(app.ctx, null, { domain: 'friend.example', rule: 'allow' });
  setRule(app.ctx, null, { domain: 'bad.example', rule: 'block', reason: 'Ours' });
  setRule(app.ctx, null, { domain: 'loud.example', rule: 'limit' });
  const text =
    "\uFEFF# somebody's list\n\nfriend.example\nbad.example\nloud.example\nnew.example\n";
  const done = await importRules(app.ctx, null, { text, fallback: 'block' });
  expect(done).toEqual({ added: 1, tightened: 1, kept: 2, skipped: [] });
  expect(rulesOf(app)).toEqual({
    'friend.example': 'allow',
    'bad.example': 'block',
    'loud.example': 'block',
    'new.example': 'block',
  });
  expect(exportRules(app.ctx, 'allowed')).toBe('#domain\nfriend.example\n');
});

test('hostile lists are read in time that grows with their length alone', async () => {
  const parts = ['"', '"a', ',', '\r', 'a"', '""', '#', 'a,"\n', '\uFEFF'];
  for (const evil of [...parts.map((part) => part.repeat(200_000)), `"${'a'.repeat(1_000_000)}`]) {
    let lines = 0;
    const read = () => {
      lines = 0;
      for (const _ of readList(evil, 'block')) lines += 1;
    };
    expect(await fastest(read, 2)).toBeLessThan(1000);
    expect(lines).toBeLessThan(200_001);
  }
});

test('a list without any domain is refused, and one that is far too long', async () => {
  const { ctx } = await world();
  const take = (text: string) => importRules(ctx, null, { text, fallback: 'block' });
  await expect(take('hello world\n')).rejects.toThrow('no domain');
  await expect(take('a.example\n'.repeat(200_001))).rejects.toThrow('at most');
});

test('T51: what is remembered of hosts is bounded', async () => {
  const { ctx } = await world();
  const before = process.memoryUsage.rss();
  for (let i = 0; i < 20_000; i += 1) policyOf(ctx, `h${i}.example`);
  expect(process.memoryUsage.rss() - before).toBeLessThan(30_000_000);
  expect(policyOf(ctx, 'h1.example')).toBe('open');
});
