import type { Handler } from './handler.ts';
import { countParked, insertParked } from './inbox-queries.ts';

/** What is kept of one account, and of all. */
const MOST_OF_SIGNER = 50;
const MOST = 5000;

/** Keeps what belongs to stories until they are there, so that nothing breaks and little is lost. */
export const parkActivity: Handler = async (ctx, activity, signer) => {
  return () => {
    const { own, all } = countParked(ctx.db, signer.id);
    if (own >= MOST_OF_SIGNER || all >= MOST) return;
    insertParked(ctx.db, {
      id: ctx.newId(),
      signerId: signer.id,
      type: activity.type,
      body: JSON.stringify(activity.document),
      now: ctx.now(),
    });
  };
};
