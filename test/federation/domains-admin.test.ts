import { afterEach, beforeEach, expect, test } from 'bun:test';
import { runCommand } from '#app/admin/run-command.ts';
import { listRules } from '#domain/policy/queries.ts';
import { setRule } from '#domain/policy/set-rule.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';

let app: TestApp;
let owner: Person;
let member: Person;

beforeEach(async () => {
  app = await createTestApp();
  owner = await app.person('ann', 'owner');
  member = await app.person('ben');
});
afterEach(() => app.close());

const form = (path: string, fields: Record<string, string>, as = owner) =>
  app.request(path, { as, form: fields });

test('an admin blocks a domain, sees it, changes it and takes it back with plain forms', async () => {
  const made = await form('/admin/domains', {
    domain: ' Bad.Example ',
    rule: 'block',
    reason: 'Spam <b>',
    note: 'told by Cleo',
  });
  expect(made.status).toBe(303);
  const page = await (await app.request('/admin/domains', { as: owner })).text();
  expect(page).toContain('bad.example');
  expect(page).toContain('Spam &lt;b>');
  expect(page).toContain('told by Cleo');
  await form('/admin/domains', { domain: 'bad.example', rule: 'limit', reason: '', note: '' });
  expect(listRules(app.ctx.db)).toMatchObject([{ domain: 'bad.example', rule: 'limit' }]);
  expect((await form('/admin/domains/remove', { domain: 'bad.example' })).status).toBe(303);
  expect(listRules(app.ctx.db)).toEqual([]);
});

test('what is no domain comes back with what was typed and what is wrong', async () => {
  const answer = await form('/admin/domains', {
    domain: 'no domain',
    rule: 'block',
    reason: 'Why',
  });
  expect(answer.status).toBe(422);
  const page = await answer.text();
  expect(page).toContain('is no domain');
  expect(page).toContain('value="Why"');
  expect((await form('/admin/domains', { domain: 'a.example', rule: 'burn' })).status).toBe(422);
  expect((await form('/admin/domains/remove', { domain: 'nothing.example' })).status).toBe(404);
});

test('lists come in by paste and go out as files', async () => {
  const done = await form('/admin/domains/import', { list: 'a.example\nb.example', as: 'limit' });
  expect(done.status).toBe(303);
  const mixed = await form('/admin/domains/import', { list: 'c.example\nd e', as: 'block' });
  expect(mixed.status).toBe(200);
  expect(await mixed.text()).toContain('Line 2, d e');
  const file = await app.request('/admin/domains/blocks.csv', { as: owner });
  expect(file.headers.get('content-type')).toStartWith('text/csv');
  expect(file.headers.get('cache-control')).toContain('no-store');
  expect((await file.text()).split('\n')[1]).toBe('a.example,silence,false,false,,false');
});

test('members and strangers neither see nor change rules', async () => {
  for (const path of [
    '/admin/domains',
    '/admin/domains/blocks.csv',
    '/admin/domains/allowed.csv',
  ]) {
    expect((await app.request(path, { as: member })).status).toBe(403);
    expect((await app.request(path)).status).not.toBe(200);
  }
  const tried = await form('/admin/domains', { domain: 'x.example', rule: 'block' }, member);
  expect(tried.status).toBe(403);
  expect(listRules(app.ctx.db)).toEqual([]);
});

test('many rules come on several pages', async () => {
  for (let i = 100; i < 250; i += 1)
    setRule(app.ctx, null, { domain: `d${i}.example`, rule: 'block' });
  const first = await (await app.request('/admin/domains', { as: owner })).text();
  expect(first).toContain('150 rules');
  const next = /\/admin\/domains\?after=[^"]+/.exec(first)?.[0] ?? '';
  const second = await (await app.request(next, { as: owner })).text();
  expect(second).toContain('d249.example');
  expect(second).not.toContain('d199.example');
});

test('the operator does the same at the command line', async () => {
  const run = (name: string, input: unknown) => runCommand(app.app, name, input);
  expect(await run('domain.set', { domain: 'BAD.example', rule: 'block', reason: 'Spam' })).toEqual(
    expect.objectContaining({ domain: 'bad.example', rule: 'block', createdBy: null }),
  );
  expect(await run('domain.import', { text: 'x.example\n', fallback: 'allow' })).toMatchObject({
    added: 1,
  });
  expect(await run('domain.export', { what: 'allowed' })).toBe('#domain\nx.example\n');
  await run('domain.remove', { domain: 'bad.example' });
  expect(await run('domain.list', {})).toMatchObject([{ domain: 'x.example' }]);
});
