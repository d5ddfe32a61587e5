import * as v from 'valibot';

const target = v.variant('kind', [
  v.object({ kind: v.literal('directory'), path: v.string() }),
  v.object({ kind: v.literal('bucket'), bucket: v.string(), folder: v.string() }),
]);

/** The first line that a restore worker reads: its standard input is nobody else's, so secrets are in it. */
export const restoreRequest = v.object({
  /** `check`: a restore with `--dry-run`. */
  task: v.picklist(['restore', 'check', 'drill']),
  target,
  s3: v.nullable(
    v.object({
      endpoint: v.string(),
      region: v.string(),
      accessKey: v.string(),
      secretKey: v.string(),
    }),
  ),
  passphrase: v.nullable(v.string()),
  name: v.nullable(v.string()),
  /** The data directory; absolute. */
  data: v.string(),
  fingerprint: v.nullable(v.string()),
  withoutDamaged: v.boolean(),
  endLogins: v.boolean(),
  /** A folder for files that are looked at and removed again: for `check` and `drill`. */
  scratch: v.string(),
  /** False where nobody can be asked. */
  canAsk: v.boolean(),
  /** What was typed, so that a refusal can say what to type instead. */
  typed: v.string(),
});
export type RestoreRequest = v.InferOutput<typeof restoreRequest>;

/** What the worker asks the person; it answers with a line, JSON too: a text, true or false, or null. */
export const restoreQuestion = v.variant('about', [
  v.object({ about: v.literal('passphrase'), label: v.string() }),
  v.object({
    about: v.literal('trust'),
    fingerprint: v.string(),
    name: v.string(),
    origin: v.string(),
    label: v.string(),
  }),
]);
export type RestoreQuestion = v.InferOutput<typeof restoreQuestion>;

/** One line that the worker writes. */
export const restoreWord = v.variant('say', [
  v.object({ say: v.literal('progress'), text: v.string() }),
  v.object({ say: v.literal('ask'), question: restoreQuestion }),
  v.object({ say: v.literal('refused'), kind: v.string(), message: v.string() }),
  v.object({ say: v.literal('done'), report: v.unknown() }),
]);
export type RestoreWord = v.InferOutput<typeof restoreWord>;
