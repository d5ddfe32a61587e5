import { expect, test } from 'bun:test';
import { flagOf } from '#base/config/key-names.ts';
import { configTable } from '#base/config/table.ts';
import { verbs } from '#cli/verbs.ts';
import { adminSettings } from '#domain/settings.ts';
import { runSourceVerb } from '#test/harness/source-server.ts';

const subverbs = {
  account: 'create list show password reset-link role suspend restore delete quota token',
  invite: 'create list revoke',
  domains: 'list block limit allow remove import export',
  media: 'usage prune move',
  closing: 'status announce call-off copy',
  jobs: 'list deliveries retry run',
};

test('the help of a verb with subverbs tells what each of them does', async () => {
  for (const [verb, names] of Object.entries(subverbs)) {
    const { code, stdout } = await runSourceVerb(['help', verb]);
    expect(code).toBe(0);
    for (const name of names.split(' ')) expect(stdout).toContain(`  tintype ${verb} ${name}`);
    expect(stdout.match(/^ {6}\S/gm)?.length).toBe(names.split(' ').length);
  }
});

test('the help of serve names every flag there is', async () => {
  const { stdout } = await runSourceVerb(['serve', '--help']);
  const secret = (key: string) =>
    Object.entries(configTable).some(([own, entry]) => own === key && 'secret' in entry);
  for (const key of [...Object.keys(configTable), ...Object.keys(adminSettings)]) {
    if (secret(key)) expect(stdout).not.toContain(`--${flagOf(key)}`);
    else expect(stdout).toMatch(new RegExp(`^  --${flagOf(key)}( |$)`, 'm'));
  }
});

test('every verb that people start has a help of its own', async () => {
  for (const name of Object.keys(verbs)) {
    const { code, stdout } = await runSourceVerb([name, '--help']);
    expect([name, code]).toEqual([name, 0]);
    expect(stdout).toStartWith(`Usage: tintype ${name}`);
  }
});
