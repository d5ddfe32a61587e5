import { existsSync } from 'node:fs';
import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { randomName } from '#base/core/secrets.ts';
import { readPragma } from '#base/db/open.ts';
import { findOwner } from '#domain/accounts/queries.ts';
import { startSession } from '#domain/accounts/sessions.ts';
import { createToken } from '#domain/accounts/tokens.ts';
import { canSeeMedia } from '#domain/posts/see-media.ts';
import type { ProbeInvitation } from './probe-invitation.ts';
import { findProbeFiles } from './probe-queries.ts';

const OF_EACH = 40;
const MOST_FILES = 12;

/**
 * Lets whoever started this copy in as its owner: a session and a token that are made in the copy and
 * go with it. Only ever called where the data is a copy. `somePhotos`: not all of them are there, and
 * those that are not are no fault.
 */
export async function inviteProbe(
  ctx: Context,
  url: string,
  somePhotos: boolean,
): Promise<ProbeInvitation> {
  const { version } = buildInfo;
  const schema = readPragma(ctx.db, 'user_version');
  const account = findOwner(ctx.db);
  if (account === null) return { url, version, schema, owner: null, files: [] };
  const session = await startSession(ctx, account.id, 'a look at a copy');
  const token = createToken(ctx, account.id, 'a look at a copy', 'read');
  const seen = findProbeFiles(ctx.db, randomName(), OF_EACH).filter(
    ({ name }) =>
      canSeeMedia(ctx, account, name) !== null &&
      (!somePhotos || existsSync(ctx.files.mediaPath(name))),
  );
  return {
    url,
    version,
    schema,
    // Over https the cookie has a prefix; which of the two counts is up to the request.
    owner: {
      username: account.username,
      cookie: `session=${session.id}; __Host-session=${session.id}`,
      token,
    },
    files: seen
      .slice(0, MOST_FILES)
      .map(({ name, bytes, sha256 }) => ({ path: `/media/${name}`, bytes, sha256 })),
  };
}
