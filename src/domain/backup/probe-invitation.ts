import * as v from 'valibot';

/**
 * What a quiet copy says in its first line on standard output, across versions: an older executable
 * reads it from a newer one, so fields are only ever added.
 */
export const probeInvitation = v.object({
  /** `http://127.0.0.1:PORT` */
  url: v.string(),
  version: v.string(),
  /** `user_version` of the copy as it is now, after migrations. */
  schema: v.number(),
  /** Null as long as nobody owns the instance. The secrets open this copy alone. */
  owner: v.nullable(v.object({ username: v.string(), cookie: v.string(), token: v.string() })),
  /** Files that the owner can open, to be compared with their rows. */
  files: v.array(v.object({ path: v.string(), bytes: v.number(), sha256: v.string() })),
});

export type ProbeInvitation = v.InferOutput<typeof probeInvitation>;
