import type { Database } from 'bun:sqlite';
import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import type { RemoteMediaRef } from '#domain/media/remote-address.ts';
import { viewerParams } from './reading.ts';
import { findRemotePhoto, findRemotePicture } from './remote-media-queries.ts';
import type { MediaAccess } from './see-media.ts';

/**
 * Where a picture of another server lies and the domain of its owner, if the viewer may see it here: a photo with its post,
 * pictures of accounts with their account. Strangers see remote photos only below posts of this
 * instance. Null for what is hidden or not there.
 */
export function seeRemoteMedia(
  ctx: Pick<Context, 'config' | 'db'>,
  viewer: Pick<Viewer, 'id'> | null,
  ref: Pick<RemoteMediaRef, 'kind' | 'id'>,
): { url: string; domain: string; access: MediaAccess } | null {
  const params = viewerParams(ctx, viewer);
  const found = find(ctx.db, ref, params);
  if (found === null || !found.visible || found.url === null) return null;
  const { url, domain } = found;
  return { url, domain, access: found.open && !params.closed ? 'public' : 'private' };
}

function find(
  db: Database,
  { kind, id }: Pick<RemoteMediaRef, 'kind' | 'id'>,
  params: { viewerId: number; closed: number },
) {
  if (kind === 'photo') return findRemotePhoto(db, { ...params, id });
  const account = findRemotePicture(db, id);
  if (account === null || (params.closed === 1 && params.viewerId === 0)) return null;
  return {
    domain: account.domain,
    url: kind === 'avatar' ? account.avatarUrl : account.headerUrl,
    visible: 1,
    open: 1,
  };
}
