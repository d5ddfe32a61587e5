import { UsageError } from './usage-error.ts';

/** The password from standard input, without its line end; throws `UsageError` without `--password-stdin`. */
export async function readPassword(
  values: Readonly<Record<string, string | boolean | undefined>>,
): Promise<string> {
  if (values['password-stdin'] !== true) {
    throw new UsageError('Give the password on standard input with --password-stdin');
  }
  return (await Bun.stdin.text()).replace(/\r?\n$/, '');
}
