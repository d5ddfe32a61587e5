import * as v from 'valibot';
import { readClosing } from '#domain/closing.ts';
import { announceClosing, callOffClosing } from '#domain/membership/close-instance.ts';
import { listClosingPeople } from '#doors/archive/people-queries.ts';
import { command } from './command.ts';

const MOST_PEOPLE = 10_000;

/** The end of a place, at the command line. */
export const closingCommands = {
  'closing.status': command(v.object({}), ({ ctx }) => {
    const closing = readClosing(ctx);
    const people = closing ? listClosingPeople(ctx.db, closing.announcedAt, MOST_PEOPLE) : [];
    return { closing, people };
  }),
  'closing.announce': command(
    v.object({ closesAt: v.number(), message: v.string() }),
    ({ ctx }, input) => announceClosing(ctx, 'console', input),
  ),
  'closing.call_off': command(v.object({}), ({ ctx }) => {
    callOffClosing(ctx, 'console');
    return {};
  }),
  'closing.copy': command(v.object({ to: v.string() }), async ({ ctx }, { to }) => {
    const { copySite } = await import('#app/site/copy-site.ts');
    return await copySite(ctx, to);
  }),
};
