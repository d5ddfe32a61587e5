import type { Context } from '#base/context.ts';
import { readRemoteMediaPath } from '#domain/media/remote-address.ts';
import { listOpenFiles, listOpenPhotos, listOpenPictures } from './open-media-queries.ts';
import { isClosed } from './reading.ts';

/**
 * Which of these, as they stand behind `/media/`, everybody may have: at most three statements for any
 * number, with the answers of `canSeeMedia` and `seeRemoteMedia` to a stranger. An address of a copy
 * that this server never signed leads nowhere for anybody, and counts as open.
 */
export function openMedia(
  ctx: Pick<Context, 'config' | 'db' | 'now'>,
  names: readonly string[],
): Set<string> {
  const files = names.filter((name) => !name.startsWith('remote/'));
  const remote = names.flatMap((name) =>
    name.startsWith('remote/') ? [{ name, ref: readRemoteMediaPath(ctx, name) }] : [],
  );
  const unsigned = remote.flatMap(({ name, ref }) => (ref === null ? [name] : []));
  if (isClosed(ctx)) return new Set(unsigned);
  const refs = remote.flatMap(({ name, ref }) => (ref === null ? [] : [{ ...ref, name }]));
  const photos = refs.flatMap(({ kind, id }) => (kind === 'photo' ? [id] : []));
  const people = refs.flatMap(({ kind, id }) => (kind === 'photo' ? [] : [id]));
  const open = new Set<string>([
    ...(photos.length > 0 ? listOpenPhotos(ctx.db, photos).map((id) => `photo/${id}`) : []),
    ...(people.length > 0 ? listOpenPictures(ctx.db, people) : []),
  ]);
  const copies = refs.flatMap(({ kind, id, name }) => (open.has(`${kind}/${id}`) ? [name] : []));
  const own = files.length > 0 ? listOpenFiles(ctx.db, files) : [];
  return new Set([...unsigned, ...copies, ...own]);
}
