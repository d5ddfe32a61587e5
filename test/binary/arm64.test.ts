import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import {
  type Home,
  littered,
  makeHome,
  type Running,
  runVerb,
  startBinary,
  wrapForQemu,
} from '#test/harness/binary.ts';
import { secrets } from '#test/harness/dirty-pictures.ts';
import { firstPost } from '#test/harness/first-post.ts';
import { findLeaks } from '#test/harness/leaks.ts';

// qemu runs a fortieth of the speed; a heavy machine is a slow one, too.
setDefaultTimeout(300_000);

let home: Home;
let server: Running | null = null;
beforeAll(() => {
  home = makeHome('arm64');
});
afterAll(async () => {
  await server?.stop();
  home.remove();
});

test('the arm64 executable says what it was built for', async () => {
  const { code, stdout } = await runVerb(home, ['version', '--json'], { architecture: 'arm64' });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).target).toBe('linux-arm64');
});

test('the arm64 executable takes a photo and shows the page of its post', async () => {
  server = await startBinary(home, {
    architecture: 'arm64',
    args: ['--image-deadline', '180s'],
  });
  wrapForQemu(home);
  const post = await firstPost(home, server).catch((error: unknown) => {
    throw new Error(`The log of the server:\n${server?.output()}`, { cause: error });
  });
  const page = await fetch(post.page);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('The first');
  const media = await fetch(post.mediaUrl);
  expect(media.status).toBe(200);
  expect(findLeaks(Buffer.from(await media.bytes()), secrets)).toEqual([]);
});

test('the arm64 executable writes nothing outside of the data directory', async () => {
  expect(await littered(home)).toEqual([]);
});
