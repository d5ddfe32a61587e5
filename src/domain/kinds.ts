import * as v from 'valibot';

/** Every kind of durable work with the schema of its payload; handlers are handed in by `app`. */
export const jobKinds = {
  /** Removes files of rows that are gone (doomed_files). */
  'storage.remove_files': { schema: v.object({}), concurrency: 1, maxAttempts: 12 },
  /** Everything of an account goes, when its days of grace are over. */
  'membership.purge': {
    schema: v.object({ accountId: v.number() }),
    concurrency: 1,
    maxAttempts: 12,
  },
} as const;
export type JobKind = keyof typeof jobKinds;
export type JobPayload<K extends JobKind> = v.InferOutput<(typeof jobKinds)[K]['schema']>;

/** Every live event; ids only. */
export type LiveEvents = {
  'post.published': { postId: number; accountId: number };
  'post.edited': { postId: number; accountId: number };
  'post.deleted': { postId: number; accountId: number };
  'account.changed': { accountId: number };
};
