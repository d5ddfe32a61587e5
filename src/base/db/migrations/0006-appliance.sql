-- What keeps itself: backups, archives, imports, growth, sunset.

-- domain/backup -----------------------------------------------------------------------------------

-- What was done and how it ended; what there is to restore stands in the places themselves.
CREATE TABLE backup_runs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('create', 'verify', 'drill', 'prune')),
  -- Which backup, by its name in the place; NULL as long as it has none.
  backup TEXT,
  -- As people know it: the path of a directory, or s3:bucket/folder.
  place TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  outcome TEXT NOT NULL DEFAULT 'running' CHECK (outcome IN ('running', 'done', 'failed', 'interrupted')),
  -- One sentence for people.
  detail TEXT,
  -- JSON with numbers: files, bytes, newBytes, milliseconds …
  report TEXT
) STRICT;
CREATE INDEX backup_runs_by_kind ON backup_runs (kind, id);

-- doors/archive -----------------------------------------------------------------------------------

-- Archives of one person that were asked for; the file lies in `exports/`.
CREATE TABLE exports (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  -- JSON: what was asked for, like {"renditions": false}
  options TEXT NOT NULL DEFAULT '{}',
  -- Name of the file in `exports/`: random, never told to a browser.
  file TEXT,
  bytes INTEGER,
  -- Files of photos that are in and that will be.
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  -- Why it failed, or what could not be put in; a sentence for the person.
  detail TEXT,
  -- How often it was begun: what brings the process down is not begun for ever.
  tries INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  -- When the file goes.
  expires_at INTEGER
) STRICT;
CREATE INDEX exports_by_account ON exports (account_id, id);

-- Who wants one every month.
CREATE TABLE export_schedules (
  account_id INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  options TEXT NOT NULL DEFAULT '{}',
  next_at INTEGER NOT NULL
) STRICT;

CREATE TABLE imports (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  -- What the file turned out to be: tintype, pixelfed, mastodon, instagram, csv
  format TEXT,
  state TEXT NOT NULL DEFAULT 'uploading' CHECK (state IN ('uploading', 'uploaded', 'reading', 'read',
    'importing', 'paused', 'done', 'failed', 'cancelled', 'removing', 'removed')),
  -- Name of the file in `imports/`: random; what is made of it lies beside it. NULL: both are gone.
  file TEXT,
  -- Bytes that the file will have, or has.
  bytes INTEGER NOT NULL DEFAULT 0,
  -- How the person called it.
  file_name TEXT NOT NULL DEFAULT '',
  -- JSON: choices, like {"visibility": "followers", "fetchFrom": null}
  options TEXT NOT NULL DEFAULT '{}',
  -- JSON: what was found while reading, in numbers.
  found TEXT NOT NULL DEFAULT '{}',
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  detail TEXT,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX imports_by_account ON imports (account_id, id);

-- One line of the report of an import; `source` makes a second run find what the first has done.
CREATE TABLE import_items (
  import_id INTEGER NOT NULL REFERENCES imports ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- Stable name of the item in its archive.
  source TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  outcome TEXT NOT NULL DEFAULT 'planned'
    CHECK (outcome IN ('planned', 'done', 'skipped', 'failed')),
  -- Why it is skipped or failed; of what is done: what is not as it was.
  reason TEXT,
  -- Where the rest of it stands in the plan beside the file: bytes.
  plan_at INTEGER NOT NULL,
  plan_bytes INTEGER NOT NULL,
  -- JSON: ids of photos that are stored already and wait for the others of their post.
  photos TEXT NOT NULL DEFAULT '[]',
  -- What it became.
  post_id INTEGER,
  PRIMARY KEY (import_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_items_by_outcome ON import_items (import_id, outcome, position);

-- domain/posts -----------------------------------------------------------------------------------

-- Posts that came in by an import: the same item of the same archive is taken once a person.
CREATE TABLE imported_posts (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  source TEXT NOT NULL,
  post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE,
  PRIMARY KEY (account_id, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX imported_posts_by_post ON imported_posts (post_id);

-- domain/storage ---------------------------------------------------------------------------------

-- Files that lie in the bucket (media.bucket), written once their bytes are there for certain. Not
-- restored: a restore puts everything on the disk, and from there it is placed anew.
CREATE TABLE placed_blobs (
  name TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL,
  placed_at INTEGER NOT NULL,
  -- 1: there is a copy on the disk, too, which may go. Put right at night where it lags behind.
  local INTEGER NOT NULL DEFAULT 1,
  -- When somebody last asked for it, to some minutes.
  used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX placed_blobs_by_use ON placed_blobs (used_at, bytes) WHERE local = 1;

-- domain/upkeep -----------------------------------------------------------------------------------

-- One row a day, for the chart of growth. Bytes.
CREATE TABLE storage_days (
  day INTEGER PRIMARY KEY,
  originals INTEGER NOT NULL,
  renditions INTEGER NOT NULL,
  cache INTEGER NOT NULL,
  database INTEGER NOT NULL,
  free INTEGER NOT NULL
) STRICT;

-- domain/notify -----------------------------------------------------------------------------------

-- What admins must know and see on every page until it is mended. A cleared one stays, so that what
-- comes and goes is mailed once a day and not each time.
CREATE TABLE admin_banners (
  key TEXT PRIMARY KEY,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  raised_at INTEGER NOT NULL,
  cleared_at INTEGER,
  mailed_at INTEGER
) STRICT, WITHOUT ROWID;

-- domain/posts ------------------------------------------------------------------------------------

-- The grid of a profile: among what somebody wrote without a photo its posts would be far apart.
CREATE INDEX posts_with_photos
  ON posts (account_id, id, visibility, uri, hidden_at, audience_id, archived_at,
    in_reply_to_account_id, media_count)
  WHERE media_count > 0 AND archived_at IS NULL AND in_reply_to_account_id IS NULL;
