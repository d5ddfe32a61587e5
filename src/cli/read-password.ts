import { AppError } from '#base/core/errors.ts';
import { askHidden } from './ask-hidden.ts';
import { UsageError } from './usage-error.ts';

/**
 * A new password: from standard input without its line end (`--password-stdin`), else typed twice
 * and unseen at a terminal. Throws `UsageError` where there is neither, because a password on the
 * command line is seen by everybody on the machine; `invalid` if the two differ.
 */
export async function readPassword(
  values: Readonly<Record<string, string | boolean | undefined>>,
): Promise<string> {
  if (values['password-stdin'] === true) {
    return (await Bun.stdin.text()).replace(/\r?\n$/, '');
  }
  if (!process.stdin.isTTY) {
    throw new UsageError('Give the password on standard input with --password-stdin');
  }
  const typed = await askHidden(['New password: ', 'Once more: '], process.stdin);
  if (typed === null) throw new AppError('bad_request', 'Nothing was changed.');
  const [password = '', again = ''] = typed;
  if (password !== again) {
    throw new AppError('invalid', 'The two passwords are not the same; nothing was changed.');
  }
  return password;
}
