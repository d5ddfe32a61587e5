-- Times are milliseconds since 1970, sizes bytes, flags 0 or 1. Ids: milliseconds * 2048 + sequence.

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- base/jobs ---------------------------------------------------------------------------------------

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  -- At most one waiting job of a kind with the same key.
  unique_key TEXT,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'dead')),
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  claimed_at INTEGER,
  last_error TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_due ON jobs (state, kind, run_at);
CREATE UNIQUE INDEX jobs_unique ON jobs (kind, unique_key) WHERE unique_key IS NOT NULL AND state = 'waiting';

CREATE TABLE cron_runs (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  outcome TEXT NOT NULL DEFAULT 'running' CHECK (outcome IN ('running', 'done', 'failed', 'interrupted')),
  detail TEXT
) STRICT;
CREATE INDEX cron_runs_by_name ON cron_runs (name, id);

-- domain/accounts ---------------------------------------------------------------------------------

CREATE TABLE accounts (
  id INTEGER PRIMARY KEY,
  username TEXT NOT NULL,
  -- NULL: an account of this instance.
  domain TEXT,
  -- NULL for remote accounts.
  role TEXT CHECK (role IN ('owner', 'admin', 'member')),
  display_name TEXT NOT NULL DEFAULT '',
  bio TEXT NOT NULL DEFAULT '',
  website TEXT NOT NULL DEFAULT '',
  location TEXT NOT NULL DEFAULT '',
  pronouns TEXT NOT NULL DEFAULT '',
  -- JSON: up to four of {"name": "…", "value": "…"}
  fields TEXT NOT NULL DEFAULT '[]',
  avatar_blob TEXT,
  locked INTEGER NOT NULL DEFAULT 0,
  discoverable INTEGER NOT NULL DEFAULT 1,
  indexable INTEGER NOT NULL DEFAULT 0,
  -- 1: search engines are asked to stay away.
  noindex INTEGER NOT NULL DEFAULT 0,
  posts_count INTEGER NOT NULL DEFAULT 0,
  followers_count INTEGER NOT NULL DEFAULT 0,
  following_count INTEGER NOT NULL DEFAULT 0,
  last_post_at INTEGER,
  created_at INTEGER NOT NULL,
  suspended_at INTEGER,
  -- When everything of the account goes; it can be called off until then.
  deletion_at INTEGER,
  -- Grows with every change that others can see (triggers at the end): cached JSON carries it.
  rev INTEGER NOT NULL DEFAULT 0
) STRICT;
-- The few that nobody sees; timelines leave them out.
CREATE INDEX accounts_hidden ON accounts (id)
  WHERE suspended_at IS NOT NULL OR deletion_at IS NOT NULL;
CREATE UNIQUE INDEX accounts_by_handle ON accounts (lower(username), ifnull(lower(domain), ''));
-- At most one owner, whoever races.
CREATE UNIQUE INDEX accounts_one_owner ON accounts (role) WHERE role = 'owner';

CREATE TABLE logins (
  account_id INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  email TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  password_changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX logins_by_email ON logins (lower(email));

CREATE TABLE preferences (
  account_id INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  default_visibility TEXT NOT NULL DEFAULT 'public',
  default_licence TEXT NOT NULL DEFAULT 'all-rights-reserved',
  keep_originals INTEGER NOT NULL DEFAULT 1,
  offer_originals INTEGER NOT NULL DEFAULT 0,
  show_camera INTEGER NOT NULL DEFAULT 0,
  show_lens INTEGER NOT NULL DEFAULT 0,
  show_focal_length INTEGER NOT NULL DEFAULT 0,
  show_aperture INTEGER NOT NULL DEFAULT 0,
  show_exposure INTEGER NOT NULL DEFAULT 0,
  show_iso INTEGER NOT NULL DEFAULT 0,
  show_taken_at INTEGER NOT NULL DEFAULT 0,
  remind_alt_text INTEGER NOT NULL DEFAULT 1,
  require_alt_text INTEGER NOT NULL DEFAULT 0,
  profile_shape TEXT NOT NULL DEFAULT 'square' CHECK (profile_shape IN ('square', 'natural')),
  theme TEXT NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto', 'light', 'dark')),
  show_feed INTEGER NOT NULL DEFAULT 1
) STRICT;

-- Lucia's table: `id` is the hash of what the cookie holds, `expires_at` is in seconds.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  user_agent TEXT NOT NULL DEFAULT '',
  csrf TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE access_tokens (
  id INTEGER PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT;
CREATE INDEX access_tokens_by_account ON access_tokens (account_id);

-- Set-up and password reset links.
CREATE TABLE one_time_codes (
  purpose TEXT NOT NULL CHECK (purpose IN ('setup', 'reset')),
  -- 0 for set-up.
  account_id INTEGER NOT NULL,
  -- The part of a reset link that finds the row, so that only who saw a link can use up its tries.
  selector TEXT NOT NULL DEFAULT '',
  code_hash TEXT NOT NULL,
  tries_left INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (purpose, account_id)
) STRICT;

CREATE TABLE invites (
  id INTEGER PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  created_by INTEGER REFERENCES accounts ON DELETE CASCADE,
  note TEXT NOT NULL DEFAULT '',
  uses_left INTEGER NOT NULL,
  expires_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;

-- domain/relationships ----------------------------------------------------------------------------

CREATE TABLE follows (
  follower_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  followee_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('requested', 'accepted')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (follower_id, followee_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX follows_by_followee ON follows (followee_id, state, follower_id);

-- domain/storage ----------------------------------------------------------------------------------

-- One row a file below media/local; `name` is random (128 bits) with an extension and is also the last part of its address.
CREATE TABLE blobs (
  name TEXT PRIMARY KEY,
  account_id INTEGER REFERENCES accounts ON DELETE SET NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('original', 'rendition', 'offered', 'avatar')),
  mime TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX blobs_by_account ON blobs (account_id, purpose, bytes);

-- Exact at all times: changed in the same transaction as blobs and reservations.
CREATE TABLE usage (
  account_id INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  original_bytes INTEGER NOT NULL DEFAULT 0,
  rendition_bytes INTEGER NOT NULL DEFAULT 0,
  reserved_bytes INTEGER NOT NULL DEFAULT 0,
  -- NULL: the instance's quota for an account holds.
  quota_bytes INTEGER
) STRICT;

CREATE TABLE reservations (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Files whose rows are gone: removed from disk after the commit, again after a crash.
CREATE TABLE doomed_files (
  name TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- domain/posts (before media, which points here) ------------------------------------------------

CREATE TABLE posts (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  -- Whose followers see it when visibility is 'followers': the author, or, for a comment, whoever the post under discussion is by.
  audience_id INTEGER NOT NULL,
  -- NULL for local posts.
  uri TEXT UNIQUE,
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'unlisted', 'followers', 'self', 'direct')),
  caption TEXT NOT NULL DEFAULT '',
  caption_html TEXT NOT NULL DEFAULT '',
  spoiler TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0,
  language TEXT,
  licence TEXT NOT NULL DEFAULT 'all-rights-reserved',
  place TEXT NOT NULL DEFAULT '',
  in_reply_to_id INTEGER REFERENCES posts ON DELETE SET NULL,
  in_reply_to_account_id INTEGER,
  comments_disabled INTEGER NOT NULL DEFAULT 0,
  media_count INTEGER NOT NULL DEFAULT 0,
  replies_count INTEGER NOT NULL DEFAULT 0,
  likes_count INTEGER NOT NULL DEFAULT 0,
  shares_count INTEGER NOT NULL DEFAULT 0,
  edits_count INTEGER NOT NULL DEFAULT 0,
  published_at INTEGER NOT NULL,
  edited_at INTEGER,
  archived_at INTEGER,
  -- Grows with every change of the post or its photos (triggers below): cached JSON carries it.
  rev INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Timelines and profiles choose ids from this index alone, then read whole posts by id. A comment
-- keeps in_reply_to_account_id when its parent is deleted, so it never turns into a post.
CREATE INDEX posts_by_account
  ON posts (account_id, id, visibility, in_reply_to_account_id, archived_at, media_count);
CREATE INDEX posts_public ON posts (id, account_id)
  WHERE visibility = 'public' AND archived_at IS NULL AND in_reply_to_account_id IS NULL;
CREATE INDEX posts_by_reply ON posts (in_reply_to_id, id) WHERE in_reply_to_id IS NOT NULL;

CREATE TABLE post_versions (
  post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE,
  version INTEGER NOT NULL,
  caption TEXT NOT NULL,
  caption_html TEXT NOT NULL,
  spoiler TEXT NOT NULL,
  sensitive INTEGER NOT NULL,
  place TEXT NOT NULL,
  licence TEXT NOT NULL,
  -- JSON: [{"id": "…", "description": "…"}]
  media TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (post_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
  id INTEGER PRIMARY KEY,
  -- Folded for comparison.
  name TEXT NOT NULL UNIQUE,
  -- As first written.
  display TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE post_tags (
  tag_id INTEGER NOT NULL REFERENCES tags ON DELETE CASCADE,
  post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE,
  PRIMARY KEY (tag_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX post_tags_by_post ON post_tags (post_id);

CREATE TABLE mentions (
  post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  PRIMARY KEY (post_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_account ON mentions (account_id, post_id);

CREATE TABLE idempotency_keys (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  key TEXT NOT NULL,
  post_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;

-- domain/media ------------------------------------------------------------------------------------

CREATE TABLE media (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  -- NULL until a post uses it.
  post_id INTEGER REFERENCES posts ON DELETE CASCADE,
  position INTEGER NOT NULL DEFAULT 0,
  -- What was uploaded: its type, and its name in blobs if it is kept.
  source_mime TEXT NOT NULL,
  source_bytes INTEGER NOT NULL,
  original_blob TEXT REFERENCES blobs,
  -- Size after orientation and edits.
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  animated INTEGER NOT NULL DEFAULT 0,
  blurhash TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  focus_x REAL NOT NULL DEFAULT 0,
  focus_y REAL NOT NULL DEFAULT 0,
  -- JSON of CameraFacts.
  camera TEXT NOT NULL DEFAULT '{}',
  -- JSON of ImageEdits, or NULL.
  edits TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX media_by_post ON media (post_id, position) WHERE post_id IS NOT NULL;
CREATE INDEX media_unattached ON media (created_at) WHERE post_id IS NULL;
CREATE INDEX media_by_account ON media (account_id);
CREATE INDEX media_by_original ON media (original_blob) WHERE original_blob IS NOT NULL;

CREATE TABLE renditions (
  media_id INTEGER NOT NULL REFERENCES media ON DELETE CASCADE,
  -- large, medium, small, and offered: the cleaned copy of the original.
  name TEXT NOT NULL CHECK (name IN ('large', 'medium', 'small', 'offered')),
  blob_name TEXT NOT NULL REFERENCES blobs,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  PRIMARY KEY (media_id, name)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX renditions_by_blob ON renditions (blob_name);

-- Revisions: whoever caches what is shown of an account or a post compares these numbers -----------

CREATE TRIGGER accounts_rev AFTER UPDATE OF
  username, role, display_name, bio, website, location, pronouns, fields, avatar_blob, locked,
  discoverable, indexable, noindex,
  posts_count, followers_count, following_count, last_post_at, suspended_at, deletion_at
ON accounts BEGIN
  UPDATE accounts SET rev = rev + 1 WHERE id = new.id;
END;
CREATE TRIGGER preferences_rev_insert AFTER INSERT ON preferences BEGIN
  UPDATE accounts SET rev = rev + 1 WHERE id = new.account_id;
END;
CREATE TRIGGER preferences_rev_update AFTER UPDATE ON preferences BEGIN
  UPDATE accounts SET rev = rev + 1 WHERE id = new.account_id;
END;
CREATE TRIGGER posts_rev AFTER UPDATE OF
  visibility, caption, caption_html, spoiler, sensitive, language, licence, place, in_reply_to_id,
  comments_disabled, media_count, replies_count, likes_count, shares_count, edits_count, edited_at,
  archived_at
ON posts BEGIN
  UPDATE posts SET rev = rev + 1 WHERE id = new.id;
END;
CREATE TRIGGER media_rev AFTER UPDATE ON media BEGIN
  UPDATE posts SET rev = rev + 1 WHERE id IN (old.post_id, new.post_id);
END;
CREATE TRIGGER media_rev_delete AFTER DELETE ON media WHEN old.post_id IS NOT NULL BEGIN
  UPDATE posts SET rev = rev + 1 WHERE id = old.post_id;
END;
CREATE TRIGGER renditions_rev_insert AFTER INSERT ON renditions BEGIN
  UPDATE posts SET rev = rev + 1
  WHERE id = (SELECT post_id FROM media WHERE media.id = new.media_id);
END;
CREATE TRIGGER renditions_rev_update AFTER UPDATE ON renditions BEGIN
  UPDATE posts SET rev = rev + 1
  WHERE id = (SELECT post_id FROM media WHERE media.id = new.media_id);
END;
CREATE TRIGGER renditions_rev_delete AFTER DELETE ON renditions BEGIN
  UPDATE posts SET rev = rev + 1
  WHERE id = (SELECT post_id FROM media WHERE media.id = old.media_id);
END;
