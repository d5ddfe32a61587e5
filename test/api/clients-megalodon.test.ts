import { expect, test } from 'bun:test';
import { createTlsApp, runClient } from '#test/harness/tls-app.ts';

test.each(['mastodon', 'pixelfed'])(
  'megalodon goes through a whole day over TLS as %s',
  async (adapter) => {
    const app = await createTlsApp(['ann', 'ben']);
    const { steps, failures } = await runClient(app, 'megalodon.ts', 'node', [adapter]);
    await app.close();
    expect(failures).toEqual([]);
    expect(steps.length).toBeGreaterThan(15);
  },
  60_000,
);
