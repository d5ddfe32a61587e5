/** Thrown by a verb that was called the wrong way: the sentence and the usage are printed, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
