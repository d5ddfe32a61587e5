import type { Database } from 'bun:sqlite';

type Note = { accountId: number; targetId: number; text: string };

/** Stores what somebody noted about an account in place of what was there. */
export function saveNote(db: Database, note: Note): void {
  db.query(
    `INSERT INTO account_notes (account_id, target_id, text) VALUES ($accountId, $targetId, $text)
     ON CONFLICT DO UPDATE SET text = $text`,
  ).run(note);
}

/** Removes such a note. */
export function deleteNote(db: Database, note: Omit<Note, 'text'>): void {
  db.query('DELETE FROM account_notes WHERE account_id = $accountId AND target_id = $targetId').run(
    note,
  );
}
