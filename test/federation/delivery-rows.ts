import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { insertActivity, insertDelivery } from '#doors/federation/outbound/activity-queries.ts';

export type Row = {
  host: string;
  inbox: string;
  state: string;
  attempts: number;
  runAt: number;
  status: number | null;
  error: string | null;
};

/** Every delivery of a server, oldest first. */
export function deliveries(ctx: Context): Row[] {
  return ctx.db
    .query<Row, []>(
      `SELECT host, inbox, state, attempts, run_at AS runAt, last_status AS status,
         last_error AS error FROM deliveries ORDER BY id`,
    )
    .all();
}

/** Writes one activity to some inboxes, signed by the instance; gives the text's id. */
export function writeLetter(
  ctx: Context,
  inboxes: readonly string[],
  from: { accountId?: number; keyId?: string } = {},
): string {
  const seq = ctx.newId();
  const uri = `http://letters.example/${seq}`;
  transaction(ctx.db, () => {
    const activityId = insertActivity(ctx.db, {
      id: seq,
      accountId: from.accountId ?? 0,
      keyId: from.keyId ?? 'http://letters.example/actor#main-key',
      postId: null,
      type: 'Create',
      uri,
      source: String(seq),
      body: JSON.stringify({ id: uri, type: 'Create' }),
      now: ctx.now(),
    });
    for (const inbox of inboxes) {
      const { host } = new URL(inbox);
      insertDelivery(ctx.db, { id: ctx.newId(), activityId, inbox, host, now: ctx.now() });
    }
  });
  return uri;
}
