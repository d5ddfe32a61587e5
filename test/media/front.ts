import { readPreferences, savePreferences } from '#domain/accounts/preferences.ts';
import { canSeeMedia } from '#domain/posts/see-media.ts';
import type { MediaAttachmentJson } from '#doors/entities/types.ts';
import { readCaller } from '#doors/http/caller.ts';
import { createMediaFiles } from '#doors/http/media-files.ts';
import { createDoor } from '#doors/http/server.ts';
import { media } from '#doors/mastodon/media.ts';
import type { TestApp } from '#test/harness/app.ts';
import { buildRequest, type Person, type RequestOptions } from '#test/harness/app.ts';

/** The doors of photos alone, behind the common front door, in process or on a port of loopback. */
export function openFront(app: TestApp) {
  const door = createDoor(app.ctx, {
    doors: [media],
    mediaFiles: createMediaFiles(app.ctx, canSeeMedia, readCaller),
  });
  let server: Bun.Server<undefined> | null = null;
  return {
    request: (path: string, options: RequestOptions = {}) =>
      door.handle(buildRequest(path, options), { address: '127.0.0.1' }),
    listen: (): number => {
      server = Bun.serve({
        hostname: '127.0.0.1',
        port: 0,
        development: false,
        maxRequestBodySize: 200_000_000,
        fetch: (request) => door.handle(request, { address: '127.0.0.1' }),
      });
      return server.port ?? 0;
    },
    close: () => server?.stop(true),
  };
}

export type Front = ReturnType<typeof openFront>;

/** Uploads as an app does and answers the JSON. */
export async function upload(
  front: Front,
  person: Person,
  bytes: Uint8Array,
  fields: Record<string, string> = {},
): Promise<MediaAttachmentJson> {
  const answer = await front.request('/api/v2/media', {
    token: person.token,
    body: form(bytes, fields),
  });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as MediaAttachmentJson;
}

export function form(bytes: Uint8Array, fields: Record<string, string> = {}): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append('file', new Blob([new Uint8Array(bytes)]), 'photo.jpg');
  return body;
}

/** Publishes without the rest of the house: a post row that has these photos. */
export function publish(
  app: TestApp,
  accountId: number,
  mediaIds: readonly number[],
  visibility = 'public',
): number {
  const id = app.ctx.newId();
  app.ctx.db.run(
    `INSERT INTO posts (id, account_id, audience_id, visibility, published_at)
     VALUES (?, ?, ?, ?, 0)`,
    [id, accountId, accountId, visibility],
  );
  for (const mediaId of mediaIds) {
    app.ctx.db.run('UPDATE media SET post_id = ? WHERE id = ?', [id, mediaId]);
  }
  return id;
}

/** Lets an author offer originals, or not. */
export function offer(app: TestApp, accountId: number, offerOriginals: boolean): void {
  savePreferences(app.ctx.db, accountId, {
    ...readPreferences(app.ctx.db, accountId),
    offerOriginals,
  });
}

/** The path of an absolute address, without the key of an app. */
export function pathOf(url: string | null | undefined): string {
  return new URL(url ?? '').pathname.replace(/^\/media\/as\/[^/]+\//, '/media/');
}
