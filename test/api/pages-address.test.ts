import { expect, test } from 'bun:test';
import { createTestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

const host = '192.168.1.5:8080';

test('a server without an address of its own answers with the one it was asked by', async () => {
  const app = await createTestApp({ settings: { mode: 'community' } });
  const ann = await app.person('ann', 'owner');
  const made = post(app.ctx, ann.viewer);
  for (const path of [`/@ann/${made.id}`, `/api/v1/statuses/${made.id}`, '/@ann.atom', '/']) {
    const text = await (await app.request(path, { headers: { host } })).text();
    expect(text).toContain(`http://${host}/media/`);
    expect(text).not.toContain('http://localhost');
    expect(await (await app.request(path)).text()).toContain('http://localhost');
  }
  const list = await app.request('/api/v1/timelines/public?limit=1', { headers: { host } });
  expect(list.headers.get('link')).toContain(`<http://${host}/api/v1/`);
  for (const bad of ['evil"onload=x', 'a b', 'evil/path', '<x>']) {
    const text = await (await app.request(`/@ann/${made.id}`, { headers: { host: bad } })).text();
    expect(text).not.toContain(bad);
  }
  await app.close();
});

test('T70: with an address set the Host of a request changes nothing', async () => {
  const app = await createTestApp({
    settings: { mode: 'community' },
    config: { origin: 'https://photos.example.org' },
  });
  const ann = await app.person('ann', 'owner');
  const made = post(app.ctx, ann.viewer);
  const text = await (await app.request(`/@ann/${made.id}`, { headers: { host } })).text();
  expect(text).toContain('https://photos.example.org/media/');
  expect(text).not.toContain(host);
  await app.close();
});
