/** Who is gone, or about to go. */
const AWAY = 'SELECT id FROM accounts WHERE suspended_at IS NOT NULL OR deletion_at IS NOT NULL';
const MUTED = `SELECT mu.target_id FROM mutes mu WHERE mu.account_id = $viewerId
  AND (mu.expires_at IS NULL OR mu.expires_at > $now)`;

/** Whose posts the home timeline leaves out although they are followed: muted people, and those of exclusive lists. */
export const KEPT_OUT = `${MUTED} UNION ALL
  SELECT la.account_id FROM lists l JOIN list_accounts la ON la.list_id = l.id
  WHERE l.account_id = $viewerId AND l.exclusive = 1`;

/** Whom somebody follows, whatever else is between them, and themselves. */
export const FOLLOWED = `SELECT f.followee_id FROM follows f
  WHERE f.follower_id = $viewerId AND f.state = 'accepted' UNION ALL SELECT $viewerId`;

/** Sets of people by whose posts or boosts a timeline is read: `$viewerId`, `$now`, for a list `$listId`. */
type People = { readonly authors: string; readonly sharers: string };

const followees = (wish: string) => `SELECT f.followee_id FROM follows f
  WHERE f.follower_id = $viewerId AND f.state = 'accepted' ${wish}
    AND f.followee_id NOT IN (${AWAY}) AND f.followee_id NOT IN (${KEPT_OUT})
  UNION ALL SELECT $viewerId`;

/** The people of the home timeline. */
export const HOME: People = { authors: followees(''), sharers: followees('AND f.show_shares = 1') };

const members = (wish: string) => `SELECT la.account_id FROM list_accounts la
  WHERE la.list_id = $listId AND la.account_id NOT IN (${AWAY})
    AND la.account_id NOT IN (${MUTED})
    AND (la.account_id = $viewerId OR la.account_id IN (SELECT f.followee_id FROM follows f
      WHERE f.follower_id = $viewerId AND f.state = 'accepted' ${wish}))`;

/** The people of a list, as long as its owner follows them. */
export const LIST: People = { authors: members(''), sharers: members('AND f.show_shares = 1') };
