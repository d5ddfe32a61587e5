-- domain/accounts: apps and what they hold --------------------------------------------------------

CREATE TABLE oauth_apps (
  id INTEGER PRIMARY KEY,
  client_id TEXT NOT NULL UNIQUE,
  secret_hash TEXT NOT NULL,
  name TEXT NOT NULL,
  website TEXT NOT NULL DEFAULT '',
  -- JSON list, compared as exact texts.
  redirect_uris TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT;

CREATE TABLE oauth_codes (
  code_hash TEXT PRIMARY KEY,
  app_id INTEGER NOT NULL REFERENCES oauth_apps ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  redirect_uri TEXT NOT NULL,
  scopes TEXT NOT NULL,
  -- S256 of RFC 7636; NULL for apps without PKCE.
  challenge TEXT,
  expires_at INTEGER NOT NULL,
  -- The token that it became: a second use ends that one.
  token_id INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_codes_by_time ON oauth_codes (expires_at);
CREATE INDEX oauth_codes_by_app ON oauth_codes (app_id);
CREATE INDEX oauth_codes_by_account ON oauth_codes (account_id);

-- NULL: a token that a person made by hand.
ALTER TABLE access_tokens ADD COLUMN app_id INTEGER REFERENCES oauth_apps ON DELETE CASCADE;
ALTER TABLE access_tokens ADD COLUMN refresh_hash TEXT;
-- The one before, which is spent: whoever shows it again is a thief, or was robbed.
ALTER TABLE access_tokens ADD COLUMN spent_refresh_hash TEXT;
ALTER TABLE access_tokens ADD COLUMN expires_at INTEGER;
CREATE UNIQUE INDEX access_tokens_by_refresh ON access_tokens (refresh_hash)
  WHERE refresh_hash IS NOT NULL;
CREATE INDEX access_tokens_by_spent_refresh ON access_tokens (spent_refresh_hash)
  WHERE spent_refresh_hash IS NOT NULL;
CREATE INDEX access_tokens_by_app ON access_tokens (app_id) WHERE app_id IS NOT NULL;

-- Tokens of an app itself (client credentials): nobody's.
CREATE TABLE app_tokens (
  token_hash TEXT PRIMARY KEY,
  app_id INTEGER NOT NULL REFERENCES oauth_apps ON DELETE CASCADE,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX app_tokens_by_app ON app_tokens (app_id);

CREATE TABLE push_subscriptions (
  -- The token that made it: it ends with it.
  token_id INTEGER PRIMARY KEY REFERENCES access_tokens ON DELETE CASCADE,
  id INTEGER NOT NULL UNIQUE,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  standard INTEGER NOT NULL DEFAULT 0,
  -- JSON: type to true.
  alerts TEXT NOT NULL DEFAULT '{}',
  policy TEXT NOT NULL DEFAULT 'all' CHECK (policy IN ('all', 'followed', 'follower', 'none')),
  -- The app's own token, which its messages carry: sealed with a key that is not in the database.
  sealed_token TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX push_subscriptions_by_account ON push_subscriptions (account_id);

-- A browser's subscription belongs to its session.
CREATE TABLE browser_push (
  session_id TEXT PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX browser_push_by_account ON browser_push (account_id);

CREATE TABLE markers (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  timeline TEXT NOT NULL CHECK (timeline IN ('home', 'notifications')),
  last_read_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, timeline)
) STRICT, WITHOUT ROWID;

-- What the official Pixelfed app keeps for a person on their server; JSON.
CREATE TABLE app_settings (
  account_id INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  common TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- What a person wants to see, and what others may do with the person's posts. The instance's
-- settings are the widest that is possible.
ALTER TABLE preferences ADD COLUMN see_likes INTEGER NOT NULL DEFAULT 1;
ALTER TABLE preferences ADD COLUMN see_boosts INTEGER NOT NULL DEFAULT 1;
ALTER TABLE preferences ADD COLUMN see_comments INTEGER NOT NULL DEFAULT 1;
ALTER TABLE preferences ADD COLUMN see_counts INTEGER NOT NULL DEFAULT 1;
ALTER TABLE preferences ADD COLUMN allow_likes INTEGER NOT NULL DEFAULT 1;
ALTER TABLE preferences ADD COLUMN allow_boosts INTEGER NOT NULL DEFAULT 1;
ALTER TABLE preferences ADD COLUMN allow_comments INTEGER NOT NULL DEFAULT 1;
ALTER TABLE preferences ADD COLUMN default_sensitive INTEGER NOT NULL DEFAULT 0;
ALTER TABLE preferences ADD COLUMN default_language TEXT;

-- domain/notify -----------------------------------------------------------------------------------

-- What stands together: one kind of news of one post.
CREATE INDEX notifications_by_group
  ON notifications (account_id, type, ifnull(post_id, 0), created_at);

-- domain/relationships ----------------------------------------------------------------------------

ALTER TABLE follows ADD COLUMN show_shares INTEGER NOT NULL DEFAULT 1;
ALTER TABLE follows ADD COLUMN notify INTEGER NOT NULL DEFAULT 0;

CREATE TABLE mutes (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  target_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  notifications INTEGER NOT NULL DEFAULT 1,
  expires_at INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, target_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mutes_by_target ON mutes (target_id);
-- Whom a new post is told to.
CREATE INDEX follows_notify ON follows (followee_id) WHERE notify = 1;

-- What a person noted about somebody, for their own eyes.
CREATE TABLE account_notes (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  target_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  text TEXT NOT NULL,
  PRIMARY KEY (account_id, target_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_notes_by_target ON account_notes (target_id);

CREATE TABLE lists (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  title TEXT NOT NULL,
  replies_policy TEXT NOT NULL DEFAULT 'list' CHECK (replies_policy IN ('followed', 'list', 'none')),
  -- 1: its people are not in the home timeline.
  exclusive INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX lists_by_account ON lists (account_id);
CREATE TABLE list_accounts (
  list_id INTEGER NOT NULL REFERENCES lists ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  PRIMARY KEY (list_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_accounts_by_account ON list_accounts (account_id);

-- domain/filters ----------------------------------------------------------------------------------

CREATE TABLE filters (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  title TEXT NOT NULL,
  -- JSON list of home, notifications, public, thread, account.
  contexts TEXT NOT NULL,
  action TEXT NOT NULL DEFAULT 'warn' CHECK (action IN ('warn', 'hide', 'blur')),
  expires_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX filters_by_account ON filters (account_id);
CREATE TABLE filter_keywords (
  id INTEGER PRIMARY KEY,
  filter_id INTEGER NOT NULL REFERENCES filters ON DELETE CASCADE,
  keyword TEXT NOT NULL,
  whole_word INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX filter_keywords_by_filter ON filter_keywords (filter_id);
CREATE TABLE filter_posts (
  id INTEGER PRIMARY KEY,
  filter_id INTEGER NOT NULL REFERENCES filters ON DELETE CASCADE,
  post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE,
  UNIQUE (filter_id, post_id)
) STRICT;
CREATE INDEX filter_posts_by_post ON filter_posts (post_id);

-- Whole servers that a person does not want to see.
CREATE TABLE hidden_domains (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  domain TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (account_id, domain)
) STRICT;

-- domain/posts ------------------------------------------------------------------------------------

ALTER TABLE posts ADD COLUMN likes_disabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN shares_disabled INTEGER NOT NULL DEFAULT 0;

-- Threads that a person wants no more notifications of.
CREATE TABLE muted_threads (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  -- The first post of the thread.
  post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE,
  PRIMARY KEY (account_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX muted_threads_by_post ON muted_threads (post_id);

CREATE TABLE scheduled_posts (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  -- NULL: a draft.
  scheduled_at INTEGER,
  -- JSON of PostInput.
  input TEXT NOT NULL,
  idempotency_key TEXT,
  -- Why it could not be published, if it could not.
  problem TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX scheduled_posts_by_account ON scheduled_posts (account_id, id);

CREATE TABLE followed_tags (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  tag_id INTEGER NOT NULL REFERENCES tags ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX followed_tags_by_tag ON followed_tags (tag_id);
CREATE TABLE featured_tags (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  tag_id INTEGER NOT NULL REFERENCES tags ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  UNIQUE (account_id, tag_id)
) STRICT;
CREATE INDEX featured_tags_by_tag ON featured_tags (tag_id);

-- domain/messages ---------------------------------------------------------------------------------

-- Direct posts with the same people, as each of them sees it.
CREATE TABLE conversations (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  -- Sorted ids of the others, with commas.
  others TEXT NOT NULL,
  -- NULL: nothing of it is left.
  last_post_id INTEGER,
  unread INTEGER NOT NULL DEFAULT 0,
  UNIQUE (account_id, others)
) STRICT;
CREATE INDEX conversations_by_last ON conversations (account_id, last_post_id);
CREATE TABLE conversation_posts (
  conversation_id INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
  post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE,
  PRIMARY KEY (conversation_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_posts_by_post ON conversation_posts (post_id);
CREATE TRIGGER conversations_last_new AFTER INSERT ON conversation_posts BEGIN
  UPDATE conversations SET last_post_id = max(ifnull(last_post_id, 0), new.post_id)
  WHERE id = new.conversation_id;
END;
CREATE TRIGGER conversations_last_gone AFTER DELETE ON conversation_posts BEGIN
  UPDATE conversations SET last_post_id = (
    SELECT max(post_id) FROM conversation_posts WHERE conversation_id = old.conversation_id)
  WHERE id = old.conversation_id AND last_post_id = old.post_id;
END;

-- domain/posts: what is searched ------------------------------------------------------------------

-- Words of captions, warnings, places and alt texts; rowid is the post's id, newest first is its order.
CREATE VIRTUAL TABLE post_words USING fts5 (
  words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2',
  -- Beginnings of these lengths are looked up like words.
  prefix = '2 3 4 5 6'
);
-- What of a post is searched.
CREATE VIEW post_texts AS SELECT p.id, p.caption || char(10) || p.spoiler || char(10) || p.place
    || ifnull((SELECT char(10) || group_concat(m.description, char(10)) FROM media m
      WHERE m.post_id = p.id), '') AS words
  FROM posts p;
-- Verbs of posts write the rest of it; these two cover what happens below them.
CREATE TRIGGER post_words_gone AFTER DELETE ON posts BEGIN
  DELETE FROM post_words WHERE rowid = old.id;
END;
CREATE TRIGGER post_words_described AFTER UPDATE OF description ON media
WHEN new.post_id IS NOT NULL AND new.post_id IS old.post_id AND new.description <> old.description
BEGIN
  INSERT OR REPLACE INTO post_words (rowid, words)
    SELECT id, words FROM post_texts WHERE id = new.post_id;
END;

-- Those that are here already.
INSERT INTO jobs (id, kind, payload, unique_key, run_at, created_at)
  SELECT 1, 'discovery.index_words', '{}', 'all', 0, 0 WHERE EXISTS (SELECT 1 FROM posts);

-- domain/discovery --------------------------------------------------------------------------------

CREATE TABLE hidden_suggestions (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  target_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  PRIMARY KEY (account_id, target_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX hidden_suggestions_by_target ON hidden_suggestions (target_id);
-- The directory, who posted last first.
CREATE INDEX accounts_directory ON accounts (last_post_at, id) WHERE discoverable = 1;
-- What was liked or boosted, from here and from elsewhere apart, newest first.
CREATE INDEX posts_liked ON posts (uri IS NULL, id)
  WHERE visibility = 'public' AND archived_at IS NULL AND in_reply_to_account_id IS NULL
    AND likes_count + shares_count > 0;

-- domain/timelines --------------------------------------------------------------------------------

-- What everybody may see, from here and from elsewhere apart, newest first.
CREATE INDEX posts_public_from ON posts (uri IS NULL, id)
  WHERE visibility = 'public' AND archived_at IS NULL AND in_reply_to_account_id IS NULL;
-- What home timelines are read from, and nothing else: between two posts of somebody there may be a
-- thousand comments.
CREATE INDEX posts_at_home
  ON posts (account_id, id, visibility, in_reply_to_account_id, archived_at)
  WHERE archived_at IS NULL AND in_reply_to_account_id IS NULL;

-- Revisions ---------------------------------------------------------------------------------------

CREATE TRIGGER posts_rev_switches AFTER UPDATE OF likes_disabled, shares_disabled
ON posts BEGIN
  UPDATE posts SET rev = rev + 1 WHERE id = new.id;
END;
