import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import { createInvite, listInvites, revokeInvite } from '#domain/accounts/invites.ts';
import { originOf } from '#domain/origin.ts';
import { command } from './command.ts';

/** What can be done with invite links; `expiresIn` is milliseconds, null for no end. */
export const inviteCommands = {
  'invite.create': command(
    v.object({ uses: v.number(), expiresIn: v.nullable(v.number()), note: v.string() }),
    ({ ctx }, input) => {
      const { id, token, expiresAt } = createInvite(ctx, 'console', input);
      return { id: String(id), url: `${originOf(ctx.config)}/join/${token}`, expiresAt };
    },
  ),
  'invite.list': command(v.object({}), ({ ctx }) =>
    listInvites(ctx).map((invite) => ({ ...invite, id: String(invite.id) })),
  ),
  'invite.revoke': command(v.object({ id: v.string() }), ({ ctx }, { id }) => {
    const number = parseId(id);
    if (number === null) throw new AppError('not_found', 'There is no such invite.');
    revokeInvite(ctx, 'console', number);
  }),
};
