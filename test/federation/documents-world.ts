import type { Context } from '#base/context.ts';
import type { JsonObject } from '#base/core/json.ts';
import { randomName } from '#base/core/secrets.ts';
import { insertMedia, saveRendition } from '#domain/media/queries.ts';
import type { RenditionName } from '#domain/media/reading.ts';
import { createTestApp, type TestApp, type TestAppOptions } from '#test/harness/app.ts';

/** A server that others know as `https://photos.example`, without a socket. */
export function createDocumentsApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { config, ...rest } = options;
  return createTestApp({ ...rest, config: { origin: 'https://photos.example', ...config } });
}

/** What a document for servers says at an address, with its answer. */
export async function read(
  app: TestApp,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; text: string; json: JsonObject }> {
  const answer = await app.request(path, {
    headers: { accept: 'application/activity+json', ...headers },
  });
  const text = await answer.text();
  const json = text.startsWith('{') ? (JSON.parse(text) as JsonObject) : {};
  return { status: answer.status, headers: answer.headers, text, json };
}

/** Somebody of another server, as far as documents know them. */
export function stranger(ctx: Context, username: string, domain = 'peer.example'): number {
  const id = ctx.newId();
  ctx.db
    .query(
      `INSERT INTO accounts (id, username, domain, uri, url, followers_url, inbox_url, created_at)
       VALUES ($id, $username, $domain, $uri, $uri, $uri || '/followers', $uri || '/inbox', $now)`,
    )
    .run({ id, username, domain, uri: `https://${domain}/users/${username}`, now: ctx.now() });
  return id;
}

/** What a test decides of a photo; the rest is a plain 4:3 JPEG. */
export type PhotoShape = {
  description?: string;
  blurhash?: string;
  focus?: { x: number; y: number };
  camera?: Record<string, string | number>;
  /** Files by the name of their rendition. */
  files?: Partial<Record<RenditionName, { ext: string; width: number; height: number }>>;
};

const FILES: NonNullable<PhotoShape['files']> = {
  large: { ext: 'jpg', width: 2048, height: 1536 },
  medium: { ext: 'webp', width: 1080, height: 810 },
  small: { ext: 'webp', width: 480, height: 360 },
};

/** A photo as an upload leaves it, but without any file on the disk. */
export function shapedPhoto(ctx: Context, accountId: number, shape: PhotoShape = {}): number {
  const id = ctx.newId();
  const now = ctx.now();
  insertMedia(ctx.db, {
    id,
    accountId,
    sourceMime: 'image/heic',
    sourceBytes: 3_000_000,
    originalBlob: blob(ctx, accountId, 'original', 'heic'),
    width: 4000,
    height: 3000,
    animated: 0,
    blurhash: shape.blurhash ?? 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    description: shape.description ?? '',
    focusX: shape.focus?.x ?? 0,
    focusY: shape.focus?.y ?? 0,
    camera: JSON.stringify(shape.camera ?? {}),
    edits: null,
    now,
  });
  for (const [name, file] of Object.entries(shape.files ?? FILES)) {
    const { width, height, ext } = file;
    const blobName = blob(ctx, accountId, 'rendition', ext);
    saveRendition(ctx.db, { mediaId: id, name: name as RenditionName, blobName, width, height });
  }
  return id;
}

function blob(ctx: Context, accountId: number, purpose: string, ext: string): string {
  const name = `${randomName(16)}.${ext}`;
  const mime = `image/${ext === 'jpg' ? 'jpeg' : ext}`;
  ctx.db
    .query(
      `INSERT INTO blobs (name, account_id, purpose, mime, bytes, sha256, created_at)
       VALUES ($name, $accountId, $purpose, $mime, 1000, '', $now)`,
    )
    .run({ name, accountId, purpose, mime, now: ctx.now() });
  return name;
}
