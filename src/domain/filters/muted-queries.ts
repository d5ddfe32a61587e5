/**
 * Who and what a viewer does not want to meet in lists, over `posts p JOIN accounts a ON a.id =
 * p.account_id`: muted people, and whole servers that the viewer hid. Beside `VISIBLE`, never instead
 * of it, since a muted person's post is still there by its address. Parameters: `$viewerId` (0: a
 * stranger) and `$now` (milliseconds).
 */
export const NOT_MUTED = `($viewerId = 0 OR p.account_id = $viewerId OR (
  NOT EXISTS (SELECT 1 FROM mutes mu WHERE mu.account_id = $viewerId
    AND mu.target_id = p.account_id AND (mu.expires_at IS NULL OR mu.expires_at > $now))
  AND (a.domain IS NULL OR NOT EXISTS (SELECT 1 FROM hidden_domains hd
    WHERE hd.account_id = $viewerId AND hd.domain = a.domain))))`;
