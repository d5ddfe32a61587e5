-- The posts that not everybody sees, so that a profile counts them for a member without reading all.
CREATE INDEX posts_closed ON posts (account_id, id) WHERE visibility NOT IN ('public', 'unlisted');
