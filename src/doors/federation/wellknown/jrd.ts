import type { Config } from '#base/config/config.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { addresses } from '#doors/entities/addresses.ts';
import { idsOf } from '#doors/federation/documents/ids.ts';

/** One link of a JRD (RFC 7033 §4.4.4). */
type JrdLink = { rel: string; type?: string; href?: string; template?: string };
export type Jrd = { subject: string; aliases: string[]; links: JrdLink[] };

const SELF = { rel: 'self', type: 'application/activity+json' };
const PAGE = { rel: 'http://webfinger.net/rel/profile-page', type: 'text/html' };
const AVATAR = { rel: 'http://webfinger.net/rel/avatar', type: 'image/jpeg' };
const SUBSCRIBE = 'http://ostatus.org/schema/1.0/subscribe';

/** Who a local account is, for WebFinger; without the picture where faces are for members (`closed`). */
export function accountJrd(config: Config, account: AccountRow, closed: boolean): Jrd {
  const ids = idsOf(config);
  const { profile, media } = addresses(config);
  const { username, avatarBlob } = account;
  const page = profile(username);
  return {
    subject: `acct:${username}@${ids.domain}`,
    aliases: [page, ids.actor(username)],
    links: [
      { ...SELF, href: ids.actor(username) },
      { ...PAGE, href: page },
      ...(closed || avatarBlob === null ? [] : [{ ...AVATAR, href: media(avatarBlob) }]),
      // Where visitors of other servers are sent to follow somebody with the account they have.
      { rel: SUBSCRIBE, template: `${ids.origin}/authorize_interaction?uri={uri}` },
    ],
  };
}

/** The server itself, whose name is its host. */
export function instanceJrd(config: Config): Jrd {
  const ids = idsOf(config);
  const about = `${ids.origin}/about`;
  return {
    subject: `acct:${new URL(ids.origin).hostname}@${ids.domain}`,
    aliases: [ids.instance, about],
    links: [
      { ...SELF, href: ids.instance },
      { ...PAGE, href: about },
    ],
  };
}
