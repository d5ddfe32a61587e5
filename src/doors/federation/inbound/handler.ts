import type { Context } from '#base/context.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { Activity } from './normalise.ts';

/** What is known of an activity besides what it says. */
export type Circumstances = {
  /** False: nobody could check the signature (T25). */
  verified: boolean;
  /** Tries that failed. */
  attempts: number;
};

/** Changes what the activity changes, inside the transaction of its batch; what it answers runs after the commit. */
// biome-ignore lint/suspicious/noConfusingVoidType: most changes have nothing to do afterwards.
export type Apply = () => (() => void) | void;

/**
 * What one kind of activity means. The slow part (asking other servers) comes first and must not
 * write; null: nothing is to be done. A throw means: again later.
 */
export type Handler = (
  ctx: Context,
  activity: Activity,
  signer: AccountRow,
  circumstances: Circumstances,
) => Promise<Apply | null>;
