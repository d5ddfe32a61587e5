import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createApp } from '#app/create-app.ts';
import { loadConfig } from '#base/config/load.ts';
import type { Context } from '#base/context.ts';
import { createAccount } from '#domain/accounts/create-account.ts';
import { applyPreset } from '#domain/accounts/presets.ts';
import { changeProfile } from '#domain/accounts/profile.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { addMedia } from '#domain/media/add.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { adminSettings } from '#domain/settings.ts';
import { drawScene, photographScene } from './seed/scenes.ts';
import { captions, comments, people } from './seed/words.ts';

/**
 * `bun run seed [--data DIR] [--posts N] [--fresh]`: fills an instance with people, drawn photos and
 * comments of the last weeks to look at. Refuses a directory that has an owner already, unless
 * `--fresh` removes it first.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'tintype-data-demo' },
    posts: { type: 'string', default: '36' },
    fresh: { type: 'boolean', default: false },
  },
});
const PASSWORD = 'a demo password';
const HOUR = 3_600_000;
const data = resolve(values.data);
if (values.fresh) rmSync(data, { recursive: true, force: true });

// The clock of the instance starts some weeks ago and comes nearer with every post.
const wanted = Number(values.posts);
let clock = Date.now() - (wanted + 2) * 9 * HOUR;
const { config } = loadConfig({ flags: { data }, env: {}, adminKeys: adminSettings });
const app = await createApp(config, { now: () => clock });

const viewers: Viewer[] = [];
for (const [index, person] of people.entries()) {
  viewers.push(
    await createAccount(app.ctx, {
      username: person.username,
      email: `${person.username}@example.org`,
      password: PASSWORD,
      role: index === 0 ? 'owner' : 'member',
    }),
  );
  const viewer = viewers[index];
  if (viewer) changeProfile(app.ctx, viewer, { displayName: person.name, bio: person.bio });
}
applyPreset(app.ctx, 'community', 'Tintype demo');
for (const one of viewers) {
  for (const other of viewers) if (one.id !== other.id) followAccount(app.ctx, one, other.id);
}
for (let index = 0; index < wanted; index += 1) {
  clock += 9 * HOUR;
  await publishScenes(app.ctx, index);
  process.stdout.write(`\r${index + 1} of ${wanted} posts`);
}
await app.stop();
process.stdout.write(
  `\nReady. Start it with:  bun start --data ${values.data}\nSign in as "${people[0]?.username}" with "${PASSWORD}".\n`,
);

async function publishScenes(ctx: Context, index: number): Promise<void> {
  const viewer = viewers[(index * 3) % viewers.length] ?? viewers[0];
  if (viewer === undefined) return;
  const photos = index % 5 === 2 ? 6 : 1 + (index % 3 === 0 ? 1 : 0);
  // Shifted after each round of people, so that nobody photographs one thing only.
  const scene = index + Math.floor(index / people.length);
  const mediaIds: number[] = [];
  for (let photo = 0; photo < photos; photo += 1) {
    mediaIds.push(await addScene(ctx, viewer, scene + photo * 10));
  }
  const post = publishPost(ctx, viewer, {
    caption: captions[scene % captions.length] ?? '',
    mediaIds,
    licence: 'cc-by-4.0',
    place: people[(index * 3) % people.length]?.place ?? '',
  });
  for (let number = 0; number < index % 4; number += 1) {
    clock += HOUR / 6;
    const author = viewers[(index + number + 1) % viewers.length] ?? viewer;
    publishPost(ctx, author, {
      caption: comments[(index + number * 5) % comments.length] ?? '',
      mediaIds: [],
      inReplyToId: post.id,
    });
  }
}

async function addScene(ctx: Context, viewer: Viewer, index: number): Promise<number> {
  const scene = drawScene(index);
  const path = ctx.files.tempPath();
  const photo = await photographScene(scene);
  await writeFile(join(path), photo, { mode: 0o600 });
  const media = await addMedia(ctx, viewer.id, {
    path,
    bytes: photo.byteLength,
    description: scene.alt,
  });
  return media.id;
}
