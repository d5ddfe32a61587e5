import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { randomName } from '#base/core/secrets.ts';
import { deleteSetting, findSetting, saveSetting } from '#base/db/settings-queries.ts';
import { transaction } from '#base/db/transaction.ts';
import { readInstanceId } from '#domain/instance-id.ts';
import { mediaBucket, requireBucket } from './bucket.ts';
import { isAnyPlaced } from './placed-queries.ts';

/** Where new photos go to stay. */
export type MediaHome = 'disk' | 'bucket';

type HomeContext = Pick<Context, 'config' | 'db' | 'now'>;

// Rows of `settings` that no admin sees.
const HOME = 'media.home';
/** Which bucket is ours since when; a restore forgets it (`forgetFiles`). */
const CLAIM = 'media.claim';
const NOTE = 'tintype-media.json';

const claimSchema = v.object({
  label: v.string(),
  /** Random: this data directory, and not another one from the same backup. */
  holder: v.string(),
  /** Milliseconds; what lay in the bucket before is nobody's to remove. */
  since: v.number(),
});
export type Claim = v.InferOutput<typeof claimSchema>;

const noteSchema = v.object({
  format: v.literal(1),
  instance: v.string(),
  holder: v.string(),
});

/** Where photos are to live now: in the bucket if one is set, unless they were moved back to the disk. */
export function readHome(ctx: Pick<Context, 'config' | 'db'>): MediaHome {
  if (ctx.config.mediaBucket === null) return 'disk';
  return findSetting(ctx.db, HOME) === 'disk' ? 'disk' : 'bucket';
}

/** Decides it; `bucket` needs one that is set. */
export function setHome(ctx: HomeContext, home: MediaHome): void {
  requireBucket(ctx.config);
  if (home === 'bucket') deleteSetting(ctx.db, HOME);
  else saveSetting(ctx.db, HOME, 'disk', ctx.now());
}

/** What is known of the bucket that holds our photos, or null. */
export function readClaim(ctx: Pick<Context, 'db'>): Claim | null {
  const text = findSetting(ctx.db, CLAIM);
  return text === null ? null : v.parse(claimSchema, JSON.parse(text));
}

/**
 * Refuses to begin where photos lie in a bucket and the settings do not lead to it: they would all be
 * broken. Throws `conflict` with what to do.
 */
export function requireMediaHome(ctx: Pick<Context, 'config' | 'db'>): void {
  const label = mediaBucket(ctx.config)?.label ?? null;
  if (isAnyPlaced(ctx.db)) {
    const old = readClaim(ctx)?.label ?? label;
    if (label === null) {
      throw new AppError(
        'conflict',
        `Photos lie in the bucket ${old}, and media.bucket is not set. Set media.bucket to ${old} (with s3.url and s3.secret) again; "tintype media move --to disk" brings the photos back, and then the setting can go.`,
      );
    }
    if (old !== label) {
      throw new AppError(
        'conflict',
        `Photos lie in the bucket ${old}, and media.bucket is ${label}. Set it to ${old} again, bring the photos back with "tintype media move --to disk", then choose the other one.`,
      );
    }
  }
}

/** Forgets that photos were moved home once no bucket is set: whoever sets one some day means it. */
export function forgetHome(ctx: Pick<Context, 'config' | 'db'>): void {
  if (ctx.config.mediaBucket === null && findSetting(ctx.db, HOME) !== null) {
    deleteSetting(ctx.db, HOME);
  }
}

const claimed = new WeakSet<Context['db']>();

/**
 * Makes sure, once in a process, that the bucket is ours, and makes it ours if it is nobody's: in the
 * folder of another Tintype the sweep would take that one's photos for left-overs. Throws `conflict`.
 */
export async function claimBucket(ctx: HomeContext): Promise<Claim> {
  const bucket = requireBucket(ctx.config);
  const known = readClaim(ctx);
  if (known !== null && known.label === bucket.label && claimed.has(ctx.db)) return known;
  const instance = readInstanceId(ctx);
  const text = await bucket.readNote(NOTE);
  const note = text === null ? null : readNote(text);
  if (note !== null && note.instance !== instance) {
    throw new AppError(
      'conflict',
      `The bucket ${bucket.label} holds the photos of another Tintype. Choose another folder in media.bucket, like ${bucket.label}/mine.`,
    );
  }
  const ours = known?.label === bucket.label ? known : null;
  if (note === null || ours === null || note.holder !== ours.holder) {
    const claim = { label: bucket.label, holder: randomName(16), since: ctx.now() };
    const made = { format: 1, instance, holder: claim.holder };
    await bucket.writeNote(NOTE, `${JSON.stringify(made)}\n`);
    transaction(ctx.db, () => saveSetting(ctx.db, CLAIM, JSON.stringify(claim), ctx.now()));
    claimed.add(ctx.db);
    return claim;
  }
  claimed.add(ctx.db);
  return ours;
}

/** Forgets the bucket when nothing of ours is in it any more. */
export function dropClaim(ctx: Pick<Context, 'db'>): void {
  deleteSetting(ctx.db, CLAIM);
}

function readNote(text: string): v.InferOutput<typeof noteSchema> {
  try {
    return v.parse(noteSchema, JSON.parse(text));
  } catch (error) {
    throw new AppError('conflict', `The bucket has a ${NOTE} that this version cannot read.`, {
      cause: error,
    });
  }
}
