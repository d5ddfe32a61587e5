import * as v from 'valibot';

const id = v.number();

/** What other servers may have to hear of; ids of rows, and of those that may be gone by then what is needed of them. */
const changes = v.variant('what', [
  v.object({ what: v.literal('post'), postId: id, change: v.picklist(['create', 'update']) }),
  /** `uri`, `visibility` and `mentionedIds` as they were; also when a post turns invisible to them. */
  v.object({
    what: v.literal('delete'),
    accountId: id,
    postId: id,
    uri: v.string(),
    visibility: v.picklist(['public', 'unlisted', 'followers', 'self', 'direct']),
    mentionedIds: v.array(id),
  }),
  v.object({ what: v.picklist(['like', 'share']), accountId: id, postId: id }),
  v.object({ what: v.picklist(['unlike', 'unshare']), accountId: id, postId: id, uri: v.string() }),
  v.object({ what: v.literal('follow'), accountId: id, targetId: id }),
  v.object({ what: v.literal('unfollow'), accountId: id, targetId: id, uri: v.string() }),
  /** `accountId` answers the Follow `uri` of the remote `targetId`. */
  v.object({
    what: v.picklist(['accept', 'reject']),
    accountId: id,
    targetId: id,
    uri: v.nullable(v.string()),
  }),
  v.object({
    what: v.picklist(['block', 'unblock']),
    accountId: id,
    targetId: id,
    uri: v.string(),
  }),
  v.object({ what: v.picklist(['pin', 'unpin']), accountId: id, postId: id }),
  /** The profile changed. */
  v.object({ what: v.literal('account'), accountId: id }),
  v.object({ what: v.literal('move'), accountId: id, targetId: id }),
  /** The account is gone or going: `username` says how it was called. */
  v.object({ what: v.literal('farewell'), accountId: id, username: v.string() }),
  /** A report that is passed on to the server of the account it is about. */
  v.object({ what: v.literal('flag'), reportId: id }),
]);

/** `seq` is of this telling alone, so that a job that runs twice writes once; `federate` gives it. */
const news = v.intersect([
  changes,
  v.object({
    seq: v.optional(id),
    /** How often people whom the post mentions were already looked for in vain. */
    round: v.optional(id),
  }),
]);

/** Every kind of durable work with the schema of its payload; handlers are handed in by `app`. */
export const jobKinds = {
  /** Removes files of rows that are gone (doomed_files). */
  'storage.remove_files': { schema: v.object({}), concurrency: 1, maxAttempts: 12 },
  /** Copies new files into the bucket (media.bucket). */
  'storage.place': {
    schema: v.object({ names: v.array(v.string()) }),
    concurrency: 2,
    maxAttempts: 40,
    deadline: 3_600_000,
  },
  /** Brings what is not where photos live there: into the bucket, or back to the disk. */
  'storage.move': {
    schema: v.object({}),
    concurrency: 1,
    maxAttempts: 40,
    deadline: 24 * 3_600_000,
  },
  /** Everything of an account goes, when its days of grace are over. */
  'membership.purge': {
    schema: v.object({ accountId: v.number() }),
    concurrency: 1,
    maxAttempts: 12,
  },
  /** A mute for a while is over. */
  'relationships.end_mute': {
    schema: v.object({ accountId: v.number(), targetId: v.number() }),
    concurrency: 1,
    maxAttempts: 12,
  },
  /** Writes the words of all posts for the search. */
  'discovery.index_words': {
    schema: v.object({}),
    concurrency: 1,
    maxAttempts: 12,
    deadline: 6 * 3_600_000,
  },
  /** Counts the comments anew below what an account commented on: it is hidden now, or shown again. */
  'posts.recount_comments': {
    schema: v.object({ accountId: id }),
    concurrency: 1,
    maxAttempts: 12,
  },
  /** Publishes what somebody wrote for this moment. */
  'posts.publish_scheduled': {
    schema: v.object({ scheduledId: id }),
    concurrency: 1,
    maxAttempts: 12,
  },
  /** Brings what is here of other servers in line with the rules for domains. */
  'moderation.cut_domains': { schema: v.object({}), concurrency: 1, maxAttempts: 12 },
  /** Tells an app or the browser of a session of a notification by its push service. */
  'push.send': {
    schema: v.object({
      notificationId: v.number(),
      accountId: v.number(),
      subscriptionId: v.optional(v.number()),
      sessionId: v.optional(v.string()),
    }),
    concurrency: 4,
    maxAttempts: 8,
  },
  /** One letter to one person; the words are plain text. */
  'mail.send': {
    schema: v.object({ to: v.string(), subject: v.string(), text: v.string() }),
    concurrency: 1,
    maxAttempts: 8,
  },
  /** The same letter to every admin: a `mail.send` for each. */
  'mail.admins': {
    schema: v.object({ subject: v.string(), text: v.string() }),
    concurrency: 1,
    maxAttempts: 8,
  },
  /** Copies what strangers see into plain files. */
  'site.copy': {
    schema: v.object({}),
    concurrency: 1,
    maxAttempts: 3,
    deadline: 12 * 3_600_000,
  },
  /** This place closes: letters and archives that are due. */
  'closing.tend': { schema: v.object({}), concurrency: 1, maxAttempts: 12 },
  /** Writes the archive of one person. */
  'archive.export': {
    schema: v.object({ exportId: id }),
    concurrency: 1,
    maxAttempts: 6,
    deadline: 24 * 3_600_000,
  },
  /** Reads what somebody brought, takes it in, or takes it away again, a few minutes at a time. */
  'archive.import': {
    schema: v.object({ importId: id }),
    concurrency: 1,
    maxAttempts: 12,
    deadline: 3_600_000,
  },
  /** Tells other servers of a change here: writes one activity and its deliveries. */
  'federation.distribute': { schema: news, concurrency: 4, maxAttempts: 12 },
} as const;
export type JobKind = keyof typeof jobKinds;
export type JobPayload<K extends JobKind> = v.InferOutput<(typeof jobKinds)[K]['schema']>;

/** Every live event; ids only. */
export type LiveEvents = {
  'post.published': { postId: number; accountId: number };
  'post.edited': { postId: number; accountId: number };
  /** `visibility` as it was, if that is known: who may hear that it is gone. */
  'post.deleted': { postId: number; accountId: number; visibility?: string };
  'post.liked': { postId: number; accountId: number };
  'post.shared': { postId: number; accountId: number; shareId: number };
  'account.changed': { accountId: number };
  'follow.changed': { accountId: number; targetId: number };
  /** A token or a session opens nothing any more; `sessionId` is the stored hash. */
  'token.ended': { accountId: number; tokenId: number };
  'session.ended': { accountId: number; sessionId: string };
  'notification.made': { notificationId: number; accountId: number };
  /** `conversationId`: as the account sees it. */
  'conversation.changed': { accountId: number; conversationId: number };
  /** The filters of an account are others now. */
  'filters.changed': { accountId: number };
  /** Deliveries were written. */
  'delivery.queued': Record<never, never>;
  /** Activities of other servers were taken in and wait for their work. */
  'inbox.queued': Record<never, never>;
};
