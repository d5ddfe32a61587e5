import { expect, setDefaultTimeout, test } from 'bun:test';
import { createTlsBinary, runClient } from '#test/harness/tls-app.ts';

// A heavy machine is a slow one.
setDefaultTimeout(180_000);

test.each([
  ['masto.js', 'masto.ts', 'bun', ''],
  ['megalodon, for Mastodon,', 'megalodon.ts', 'node', 'mastodon'],
  ['megalodon, for Pixelfed,', 'megalodon.ts', 'node', 'pixelfed'],
] as const)('%s goes through a whole day with the executable', async (_, script, runtime, kind) => {
  const server = await createTlsBinary(['ann', 'ben']);
  const { steps, failures } = await runClient(server, script, runtime, [kind]);
  await server.close();
  expect(failures).toEqual([]);
  expect(steps.length).toBeGreaterThan(15);
});
