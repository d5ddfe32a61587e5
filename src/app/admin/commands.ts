import type { InferInput } from 'valibot';
import { accountCommands } from './account-commands.ts';
import { archiveCommands } from './archive-commands.ts';
import { backupCommands } from './backup-commands.ts';
import { closingCommands } from './closing-commands.ts';
import { doctorCommands } from './doctor-commands.ts';
import { domainCommands } from './domain-commands.ts';
import { importCommands } from './import-commands.ts';
import { instanceCommands } from './instance-commands.ts';
import { inviteCommands } from './invite-commands.ts';
import { jobCommands } from './job-commands.ts';
import { updateCommands } from './update-commands.ts';

/** Everything that verbs ask of a server, by socket while one runs and directly while none does. */
export const adminCommands = {
  ...instanceCommands,
  ...accountCommands,
  ...archiveCommands,
  ...backupCommands,
  ...closingCommands,
  ...inviteCommands,
  ...domainCommands,
  ...importCommands,
  ...jobCommands,
  ...doctorCommands,
  ...updateCommands,
};

export type CommandName = keyof typeof adminCommands;
export type CommandInput<Name extends CommandName> = InferInput<
  (typeof adminCommands)[Name]['schema']
>;
export type CommandOutput<Name extends CommandName> = Awaited<
  ReturnType<(typeof adminCommands)[Name]['run']>
>;
