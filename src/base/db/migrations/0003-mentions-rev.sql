-- A mention goes with the account that it names; the post's cached JSON must not name it any longer.
CREATE TRIGGER mentions_rev_delete AFTER DELETE ON mentions BEGIN
  UPDATE posts SET rev = rev + 1 WHERE id = old.post_id;
END;
