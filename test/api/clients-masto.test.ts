import { expect, test } from 'bun:test';
import { createTlsApp, runClient } from '#test/harness/tls-app.ts';

test('masto.js goes through a whole day over TLS', async () => {
  const app = await createTlsApp(['ann', 'ben']);
  const { steps, failures } = await runClient(app, 'masto.ts', 'bun');
  await app.close();
  expect(failures).toEqual([]);
  expect(steps.length).toBeGreaterThan(15);
}, 60_000);
