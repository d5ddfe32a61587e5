import { type GenericSchema, safeParse } from 'valibot';
import type { App } from '#app/app.ts';
import { AppError } from '#base/core/errors.ts';
import type { AdminCommand } from './command.ts';
import { adminCommands } from './commands.ts';

/** Runs a command of the table by its name. Throws `not_found` for an unknown one, `invalid` for an input that does not fit. */
export async function runCommand(app: App, name: string, input: unknown): Promise<unknown> {
  const table: Readonly<Record<string, AdminCommand<GenericSchema, unknown>>> = adminCommands;
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined) {
    throw new AppError(
      'not_found',
      'The running server does not know this command; is it another version?',
    );
  }
  const parsed = safeParse(found.schema, input);
  if (!parsed.success) {
    throw new AppError('invalid', `The command "${name}" got something that it cannot read.`);
  }
  return found.run(app, parsed.output);
}
