import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Home,
  littered,
  makeHome,
  type Running,
  runVerb,
  startBinary,
} from '#test/harness/binary.ts';
import { secrets } from '#test/harness/dirty-pictures.ts';
import { type FirstPost, firstPost } from '#test/harness/first-post.ts';
import { findLeaks } from '#test/harness/leaks.ts';

// qemu runs a fortieth of the speed; a heavy machine is a slow one, too.
setDefaultTimeout(300_000);

describe('the executable as a server, alone in a read-only directory, with an empty environment', () => {
  let home: Home;
  let server: Running;
  let post: FirstPost;
  beforeAll(async () => {
    home = makeHome();
    server = await startBinary(home);
  });
  afterAll(async () => {
    await server.stop();
    home.remove();
  });

  test('prints a one-time set-up link that opens in a browser', async () => {
    expect(server.setupLink).not.toBeNull();
    const answer = await fetch(server.setupLink ?? '');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<form');
  });

  test('serves the embedded styles and scripts of its pages, to be kept for ever', async () => {
    const page = await (await fetch(server.setupLink ?? '')).text();
    const addresses = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(
      (match) => match[1],
    );
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) {
      const answer = await fetch(`${server.url}${address}`);
      expect([address, answer.status]).toEqual([address, 200]);
      expect(answer.headers.get('cache-control')).toContain('immutable');
      expect((await answer.bytes()).length).toBeGreaterThan(0);
    }
  });

  test('takes a photo through the API and shows it to a stranger without a position in any byte', async () => {
    post = await firstPost(home, server);
    const page = await fetch(post.page);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('The first');
    const media = await fetch(post.mediaUrl);
    expect(media.status).toBe(200);
    expect(findLeaks(Buffer.from(await media.bytes()), secrets)).toEqual([]);
  });

  test('finds itself healthy', async () => {
    const asked = await runVerb(home, ['healthcheck', '--data', home.data]);
    expect([asked.code, asked.stderr]).toEqual([0, '']);
    for (const path of ['/livez', '/readyz']) {
      expect((await fetch(`${server.url}${path}`)).status).toBe(200);
    }
  });

  test('refuses a second server on the same data with one sentence', async () => {
    const args = ['serve', '--data', home.data, '--listen', '127.0.0.1:0'];
    const ended = await runVerb(home, args);
    expect(ended.code).toBe(1);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).toContain(home.data);
  });

  test('keeps everything through SIGKILL, and ends with 0 on SIGTERM', async () => {
    await server.kill9();
    server = await startBinary(home);
    expect((await fetch(`${server.url}/@ann/${post.statusId}`)).status).toBe(200);
    expect(server.setupLink).toBeNull();
    expect(await server.stop()).toBe(0);
    server = await startBinary(home);
  });

  test('lets nobody else read its data directory and writes nowhere else', async () => {
    const open = readdirSync(home.data, { recursive: true, encoding: 'utf8' }).filter((name) => {
      const facts = statSync(join(home.data, name), { throwIfNoEntry: false });
      return facts !== undefined && (facts.mode & 0o007) !== 0;
    });
    expect(open).toEqual([]);
    expect(await littered(home)).toEqual([]);
    expect(readdirSync(home.program)).toEqual(['tintype']);
  });
});
