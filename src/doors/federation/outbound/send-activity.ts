import type { Context } from '#base/context.ts';
import type { JsonObject } from '#base/core/json.ts';
import { transaction } from '#base/db/transaction.ts';
import { emitLive } from '#domain/emit-live.ts';
import { originOf } from '#domain/origin.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { idsOf } from '#doors/federation/documents/ids.ts';
import { insertActivity, insertDelivery, isUsedId } from './activity-queries.ts';
import type { Inboxes } from './audience.ts';
import { lockOrigin } from './lock-origin.ts';

export type Sending = {
  /** Of the job: a second run writes nothing twice. */
  source: string;
  /** Who signs; null is the instance. */
  from: { id: number; username: string } | null;
  postId: number | null;
  inboxes: Inboxes;
  /**
   * Makes the activity, inside the transaction that writes it; null when there is nothing to say any
   * more. `domain` is given when each server gets a text of its own.
   */
  write: (domain: string | null) => JsonObject | null;
  /** Each server gets a text of its own: with its secret addresses of photos. */
  apart?: boolean;
};

/** Deliveries, or texts, of one transaction: a few milliseconds. */
const CHUNK = 500;
const TEXTS = 20;

/**
 * Writes an activity and its deliveries; the courier does the rest. Servers that are blocked here,
 * and our own address, get none. Thousands of inboxes are written in several short transactions:
 * interrupted, the job runs again and completes them.
 */
export async function sendActivity(ctx: Context, sending: Sending): Promise<void> {
  const parcels = parcelsOf(ctx, sending);
  while (parcels.length > 0) {
    const now: typeof parcels = [];
    let inboxes = 0;
    while (parcels[0] && now.length < TEXTS && (inboxes === 0 || inboxes < CHUNK)) {
      const parcel = parcels.shift();
      if (parcel) now.push(parcel);
      inboxes += parcel?.inboxes.length ?? 0;
    }
    transaction(ctx.db, () => {
      lockOrigin(ctx);
      for (const parcel of now) writeParcel(ctx, sending, parcel);
    });
    emitLive(ctx, 'delivery.queued', {});
    await new Promise((resolve) => setImmediate(resolve));
  }
}

type Parcel = { source: string; domain: string | null; inboxes: { inbox: string; host: string }[] };

/** One text and those who get it. */
function parcelsOf(ctx: Context, { source, inboxes, apart = false }: Sending): Parcel[] {
  const own = new URL(originOf(ctx.config)).host;
  const open = [...inboxes].flatMap(([inbox, domain]) => {
    const host = URL.parse(inbox)?.host ?? own;
    if (host === own || policyOf(ctx, host) === 'blocked') return [];
    return policyOf(ctx, domain) === 'blocked' ? [] : [{ inbox, host, domain }];
  });
  if (apart) {
    return [...Map.groupBy(open, ({ domain }) => domain)].map(([domain, group]) => ({
      source: `${source}@${domain}`,
      domain,
      inboxes: group,
    }));
  }
  const parcels: Parcel[] = [];
  for (let at = 0; at < open.length; at += CHUNK) {
    parcels.push({ source, domain: null, inboxes: open.slice(at, at + CHUNK) });
  }
  return parcels;
}

function writeParcel(ctx: Context, sending: Sending, parcel: Parcel): void {
  const document = sending.write(parcel.domain);
  if (document === null) return;
  const ids = idsOf(ctx.config);
  const { from, postId } = sending;
  const uri = freshId(ctx, String(document.id), sending.source);
  const activityId = insertActivity(ctx.db, {
    id: ctx.newId(),
    accountId: from?.id ?? 0,
    keyId: from === null ? ids.instanceKey : ids.key(from.username),
    postId,
    type: String(document.type),
    uri,
    source: parcel.source,
    body: JSON.stringify({ ...document, id: uri }),
    now: ctx.now(),
  });
  for (const { inbox, host } of parcel.inboxes) {
    insertDelivery(ctx.db, { id: ctx.newId(), activityId, inbox, host, now: ctx.now() });
  }
}

/** What is said a second time (a like after an unlike) needs another id: who has seen one does not look again. */
function freshId(ctx: Context, uri: string, source: string): string {
  return isUsedId(ctx.db, uri, source) ? `${uri}/${source.replace(/\D.*$/, '')}` : uri;
}
