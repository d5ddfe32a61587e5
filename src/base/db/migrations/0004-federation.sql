-- domain/accounts: accounts of other servers ------------------------------------------------------

-- The actor's id; NULL for accounts of this instance.
ALTER TABLE accounts ADD COLUMN uri TEXT;
ALTER TABLE accounts ADD COLUMN actor_type TEXT NOT NULL DEFAULT 'Person'
  CHECK (actor_type IN ('Person', 'Service', 'Group', 'Application', 'Organization'));
-- The page for people, on its own server.
ALTER TABLE accounts ADD COLUMN url TEXT;
-- Sanitised HTML; local accounts have `bio` alone.
ALTER TABLE accounts ADD COLUMN bio_html TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN inbox_url TEXT;
ALTER TABLE accounts ADD COLUMN shared_inbox_url TEXT;
ALTER TABLE accounts ADD COLUMN outbox_url TEXT;
ALTER TABLE accounts ADD COLUMN followers_url TEXT;
ALTER TABLE accounts ADD COLUMN following_url TEXT;
ALTER TABLE accounts ADD COLUMN featured_url TEXT;
-- Where the pictures of a remote account lie; copied when somebody looks.
ALTER TABLE accounts ADD COLUMN avatar_url TEXT;
ALTER TABLE accounts ADD COLUMN header_url TEXT;
-- JSON list of actor ids that are the same person.
ALTER TABLE accounts ADD COLUMN also_known_as TEXT NOT NULL DEFAULT '[]';
ALTER TABLE accounts ADD COLUMN moved_to_id INTEGER REFERENCES accounts ON DELETE SET NULL;
ALTER TABLE accounts ADD COLUMN moved_at INTEGER;
-- 1: who follows and is followed is nobody else's business.
ALTER TABLE accounts ADD COLUMN hide_collections INTEGER NOT NULL DEFAULT 0;
-- When the actor was last read from its server.
ALTER TABLE accounts ADD COLUMN fetched_at INTEGER;
-- Not 0: kept out of public lists and of the notifications of who does not follow it. 1: by a
-- moderator, 2: by the rule of its domain, 3: by both.
ALTER TABLE accounts ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;
-- Since when it is suspended because its domain is blocked; lifting the block lifts that.
ALTER TABLE accounts ADD COLUMN cut_at INTEGER;
CREATE UNIQUE INDEX accounts_by_uri ON accounts (uri) WHERE uri IS NOT NULL;
-- The people of this instance, among however many of others.
CREATE INDEX accounts_local ON accounts (id) WHERE role IS NOT NULL;
CREATE INDEX accounts_by_domain ON accounts (domain) WHERE domain IS NOT NULL;
CREATE INDEX accounts_moved ON accounts (moved_to_id) WHERE moved_to_id IS NOT NULL;

-- Keys of this instance's accounts; 0 is the instance itself. They outlive an account until its
-- farewell is delivered.
CREATE TABLE signing_keys (
  account_id INTEGER PRIMARY KEY,
  private_pem TEXT NOT NULL,
  public_pem TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Public keys of remote accounts, by key id.
CREATE TABLE remote_keys (
  id TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  pem TEXT NOT NULL,
  fetched_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_keys_by_account ON remote_keys (account_id);

-- Names of deleted local accounts: their ids are known elsewhere, so nobody gets them again.
CREATE TABLE retired_usernames (
  username TEXT PRIMARY KEY,
  retired_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- domain/relationships ----------------------------------------------------------------------------

-- Id of the Follow activity, where one side is remote.
ALTER TABLE follows ADD COLUMN uri TEXT;
CREATE INDEX follows_by_uri ON follows (uri) WHERE uri IS NOT NULL;

CREATE TABLE blocks (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  target_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  uri TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, target_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX blocks_by_target ON blocks (target_id, account_id);

-- domain/policy -----------------------------------------------------------------------------------

CREATE TABLE domain_rules (
  -- Lower case, IDNA; a rule holds for everything below it.
  domain TEXT PRIMARY KEY,
  rule TEXT NOT NULL CHECK (rule IN ('block', 'limit', 'allow')),
  -- For everybody to read.
  reason TEXT NOT NULL DEFAULT '',
  -- For admins alone.
  note TEXT NOT NULL DEFAULT '',
  created_by INTEGER,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- domain/notify -----------------------------------------------------------------------------------

CREATE TABLE notifications (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  type TEXT NOT NULL CHECK (type IN
    ('mention', 'favourite', 'reblog', 'follow', 'follow_request', 'update', 'status', 'move',
     'admin.report', 'admin.sign_up')),
  from_id INTEGER REFERENCES accounts ON DELETE CASCADE,
  post_id INTEGER REFERENCES posts ON DELETE CASCADE,
  report_id INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notifications_by_account ON notifications (account_id, id);
CREATE UNIQUE INDEX notifications_once
  ON notifications (account_id, type, ifnull(from_id, 0), ifnull(post_id, 0), ifnull(report_id, 0));
CREATE INDEX notifications_by_from ON notifications (from_id);
CREATE INDEX notifications_by_post ON notifications (post_id) WHERE post_id IS NOT NULL;

-- domain/posts ------------------------------------------------------------------------------------

ALTER TABLE posts ADD COLUMN url TEXT;
-- What a remote post answers, while that is not here.
ALTER TABLE posts ADD COLUMN in_reply_to_uri TEXT;
ALTER TABLE posts ADD COLUMN replies_url TEXT;
-- When its answers were last asked for.
ALTER TABLE posts ADD COLUMN replies_fetched_at INTEGER;
-- When a remote post came; NULL for local posts.
ALTER TABLE posts ADD COLUMN received_at INTEGER;
-- A moderator took it out of sight; its author still sees it.
ALTER TABLE posts ADD COLUMN hidden_at INTEGER;
-- The few that nobody sees; timelines leave them out.
CREATE INDEX posts_hidden ON posts (id) WHERE hidden_at IS NOT NULL;
CREATE INDEX posts_received ON posts (received_at) WHERE received_at IS NOT NULL;
CREATE INDEX posts_orphaned ON posts (in_reply_to_uri) WHERE in_reply_to_uri IS NOT NULL;

CREATE TABLE likes (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE,
  uri TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX likes_by_account ON likes (account_id, created_at);
CREATE INDEX likes_by_post ON likes (post_id, created_at);
CREATE INDEX likes_by_uri ON likes (uri) WHERE uri IS NOT NULL;

-- A boost. Its id is of the same kind as a post's, so timelines order both together.
CREATE TABLE shares (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE,
  uri TEXT,
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'unlisted', 'followers')),
  created_at INTEGER NOT NULL,
  UNIQUE (account_id, post_id)
) STRICT;
CREATE INDEX shares_by_account ON shares (account_id, id, post_id);
CREATE INDEX shares_by_post ON shares (post_id, id, account_id);
CREATE INDEX shares_by_uri ON shares (uri) WHERE uri IS NOT NULL;

CREATE TABLE bookmarks (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX bookmarks_by_account ON bookmarks (account_id, created_at);
CREATE INDEX bookmarks_by_post ON bookmarks (post_id);

-- Posts at the top of a profile (the actor's `featured`).
CREATE TABLE featured (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX featured_by_post ON featured (post_id);

-- Ids of what was deleted, here or elsewhere, so that nothing comes back and 410 can be said.
CREATE TABLE tombstones (
  uri TEXT PRIMARY KEY,
  -- 1: everybody could see it, so everybody may know that it is gone.
  open INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstones_by_time ON tombstones (deleted_at);

-- domain/media ------------------------------------------------------------------------------------

-- Where a photo of a remote post lies; NULL for uploads. Remote photos have no renditions: copies
-- lie in `cached_media`. Width and height are 0 while nobody has told them.
ALTER TABLE media ADD COLUMN remote_url TEXT;

-- A further rendition: `peer`, the JPEG of a photo whose large rendition is a WebP. The rule for names
-- is part of the table, so it is made anew.
CREATE TABLE renditions_anew (
  media_id INTEGER NOT NULL REFERENCES media ON DELETE CASCADE,
  -- large, medium, small, offered: the cleaned copy of the original, and peer.
  name TEXT NOT NULL CHECK (name IN ('large', 'medium', 'small', 'offered', 'peer')),
  blob_name TEXT NOT NULL REFERENCES blobs,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  PRIMARY KEY (media_id, name)
) STRICT, WITHOUT ROWID;
INSERT INTO renditions_anew SELECT media_id, name, blob_name, width, height FROM renditions;
DROP TABLE renditions;
ALTER TABLE renditions_anew RENAME TO renditions;
CREATE UNIQUE INDEX renditions_by_blob ON renditions (blob_name);
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

-- Copies below media/cache: never backed up, capped in bytes.
CREATE TABLE cached_media (
  -- File name below media/cache.
  name TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('photo', 'avatar', 'header')),
  -- Of the photo, or of the account.
  subject_id INTEGER NOT NULL,
  variant TEXT NOT NULL,
  source_url TEXT NOT NULL,
  mime TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  fetched_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  UNIQUE (kind, subject_id, variant)
) STRICT, WITHOUT ROWID;
CREATE INDEX cached_media_by_use ON cached_media (used_at);

-- What could not be copied, and when it may be tried again.
CREATE TABLE cache_failures (
  kind TEXT NOT NULL,
  subject_id INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  retry_at INTEGER NOT NULL,
  PRIMARY KEY (kind, subject_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cache_failures_by_time ON cache_failures (retry_at);

-- Secret addresses of photos that not everybody may see, one for each server that a follower is on.
CREATE TABLE media_grants (
  token TEXT PRIMARY KEY,
  media_id INTEGER NOT NULL REFERENCES media ON DELETE CASCADE,
  domain TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (media_id, domain)
) STRICT, WITHOUT ROWID;

-- domain/moderation -------------------------------------------------------------------------------

CREATE TABLE reports (
  id INTEGER PRIMARY KEY,
  -- Id of the Flag that brought it; NULL for reports from here.
  uri TEXT UNIQUE,
  reporter_id INTEGER REFERENCES accounts ON DELETE SET NULL,
  -- Server that it came from; NULL: from here.
  reporter_domain TEXT,
  target_id INTEGER REFERENCES accounts ON DELETE SET NULL,
  comment TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT 'other',
  forwarded INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  closed_at INTEGER,
  closed_by INTEGER
) STRICT;
CREATE INDEX reports_open ON reports (id) WHERE closed_at IS NULL;
CREATE TABLE report_posts (
  report_id INTEGER NOT NULL REFERENCES reports ON DELETE CASCADE,
  post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE,
  PRIMARY KEY (report_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_posts_by_post ON report_posts (post_id);
CREATE TABLE report_notes (
  id INTEGER PRIMARY KEY,
  report_id INTEGER NOT NULL REFERENCES reports ON DELETE CASCADE,
  -- NULL: the operator, or an account that is gone.
  account_id INTEGER REFERENCES accounts ON DELETE SET NULL,
  text TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX report_notes_by_report ON report_notes (report_id, id);

-- doors/federation --------------------------------------------------------------------------------

-- What is known of another server as a partner in conversation. `host` has the port if there is one.
CREATE TABLE hosts (
  host TEXT PRIMARY KEY,
  -- Which signatures it wants.
  scheme TEXT NOT NULL DEFAULT 'cavage' CHECK (scheme IN ('cavage', 'rfc9421')),
  software TEXT,
  version TEXT,
  nodeinfo_at INTEGER,
  -- Failed deliveries in a row, and until when nobody tries (the breaker).
  failures INTEGER NOT NULL DEFAULT 0,
  failing_since INTEGER,
  retry_at INTEGER,
  last_success_at INTEGER
) STRICT, WITHOUT ROWID;

-- Activities that were accepted (202) and wait for their work.
CREATE TABLE inbox_items (
  id INTEGER PRIMARY KEY,
  signer_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  body TEXT NOT NULL,
  -- 0: nobody could check the signature, since the actor may be gone; its farewell is looked into.
  verified INTEGER NOT NULL DEFAULT 1,
  received_at INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'dead')),
  last_error TEXT
) STRICT;
CREATE INDEX inbox_items_due ON inbox_items (state, run_at, id);
CREATE INDEX inbox_items_by_signer ON inbox_items (signer_id);
-- Whose later activities wait for an earlier one that failed.
CREATE INDEX inbox_items_holding ON inbox_items (signer_id)
  WHERE state = 'waiting' AND attempts BETWEEN 1 AND 2;

-- Signatures and activity ids of late, so that nothing is taken twice. `key` is a hash.
CREATE TABLE inbox_seen (
  key TEXT PRIMARY KEY,
  seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_seen_by_time ON inbox_seen (seen_at);

-- Activities of features to come (stories), kept for a while.
CREATE TABLE parked_activities (
  id INTEGER PRIMARY KEY,
  signer_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX parked_activities_by_time ON parked_activities (received_at);

-- What is sent: one row for each text, its deliveries beside it.
CREATE TABLE activities (
  id INTEGER PRIMARY KEY,
  -- Who signs, with which key; 0 is the instance. No reference: a farewell outlives its account.
  account_id INTEGER NOT NULL,
  key_id TEXT NOT NULL,
  -- The post that it is about, for the author to see where it arrived.
  post_id INTEGER,
  type TEXT NOT NULL,
  -- The activity's own id, to find what an Undo or a newer text makes pointless.
  uri TEXT NOT NULL,
  -- Of which job, and for which host if the text is for one: a job that runs twice writes once.
  source TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX activities_by_post ON activities (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX activities_by_account ON activities (account_id);
CREATE INDEX activities_by_uri ON activities (uri);
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  activity_id INTEGER NOT NULL REFERENCES activities ON DELETE CASCADE,
  inbox TEXT NOT NULL,
  host TEXT NOT NULL,
  -- dropped: something newer was sent instead.
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'delivered', 'given_up', 'dropped')),
  attempts INTEGER NOT NULL DEFAULT 0,
  run_at INTEGER NOT NULL,
  first_tried_at INTEGER,
  finished_at INTEGER,
  last_status INTEGER,
  last_error TEXT,
  UNIQUE (activity_id, inbox)
) STRICT;
CREATE INDEX deliveries_due ON deliveries (run_at) WHERE state = 'waiting';
-- The courier goes from host to host: what is finished is not in its way.
CREATE INDEX deliveries_by_host ON deliveries (host, run_at) WHERE state = 'waiting';
CREATE INDEX deliveries_finished ON deliveries (finished_at) WHERE finished_at IS NOT NULL;
-- Where a post ever went, kept when its old deliveries are forgotten: an edit and a farewell follow it.
CREATE TABLE post_audience (
  post_id INTEGER NOT NULL,
  inbox TEXT NOT NULL,
  PRIMARY KEY (post_id, inbox)
) STRICT, WITHOUT ROWID;

-- Revisions ---------------------------------------------------------------------------------------

CREATE TRIGGER accounts_rev_remote AFTER UPDATE OF
  actor_type, url, bio_html, avatar_url, header_url, also_known_as, moved_to_id, hide_collections,
  limited
ON accounts BEGIN
  UPDATE accounts SET rev = rev + 1 WHERE id = new.id;
END;
CREATE TRIGGER posts_rev_remote AFTER UPDATE OF url, hidden_at, in_reply_to_account_id
ON posts BEGIN
  UPDATE posts SET rev = rev + 1 WHERE id = new.id;
END;
