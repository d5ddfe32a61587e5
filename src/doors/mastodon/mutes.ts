import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { findAccounts } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { muteAccount, unmuteAccount } from '#domain/relationships/mute.ts';
import { listMutes } from '#domain/relationships/mute-queries.ts';
import { noteAccount } from '#domain/relationships/note.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { dateTime } from '#doors/entities/dates.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { parseInput } from '#doors/http/fields.ts';
import { readPage } from '#doors/http/links.ts';
import { accountById } from './accounts.ts';
import { listPage } from './answers.ts';
import { muteSchema, noteSchema } from './relations-input.ts';
import { relationshipAnswer } from './relationship-answer.ts';

/** Whom somebody does not want to see, and what they noted about people: nobody else's business. */
export const mutes = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.mutes' })
    .use(authPlugin(ctx))
    .post(
      '/api/v1/accounts/:id/mute',
      change(ctx, (viewer, id, input) => {
        const { notifications, duration } = parseInput(muteSchema, input);
        const length = duration === 0 ? null : duration * 1000;
        muteAccount(ctx, viewer, id, { notifications, duration: length });
      }),
      { signedIn: 'write:mutes', parse: 'none' },
    )
    .post(
      '/api/v1/accounts/:id/unmute',
      change(ctx, (viewer, id) => unmuteAccount(ctx, viewer, id)),
      { signedIn: 'write:mutes', parse: 'none' },
    )
    .get(
      '/api/v1/mutes',
      ({ request, viewer }) => {
        const page = readPage(readQuery(request), { default: 40, max: 80 });
        const rows = listMutes(ctx.db, viewer.id, page, ctx.now());
        const ids = rows.map((row) => row.targetId);
        const found = findAccounts(ctx.db, ids);
        const people = accountsJson(
          ctx,
          ids.flatMap((id) => found.get(id) ?? []),
        );
        const ends = new Map(rows.map((row) => [String(row.targetId), row.expiresAt]));
        const list = people.map((account) => {
          const end = ends.get(account.id) ?? null;
          return { ...account, mute_expires_at: end === null ? null : dateTime(end) };
        });
        return listPage(ctx, request, page, ids, list, { cursor: true });
      },
      { signedIn: 'read:mutes', parse: 'none' },
    )
    .post(
      '/api/v1/accounts/:id/note',
      change(ctx, (viewer, id, input) => {
        noteAccount(ctx, viewer, id, parseInput(noteSchema, input).comment);
      }),
      { signedIn: 'write:accounts', parse: 'none' },
    );

type ChangeRequest = { request: Request; params: { id: string }; viewer: Viewer };

/** Does something with what the request says, and answers how the viewer stands to the account then. */
const change =
  (ctx: Context, act: (viewer: Viewer, accountId: number, input: unknown) => void) =>
  async ({ request, params, viewer }: ChangeRequest) => {
    const { id } = accountById(ctx, request, viewer, params.id);
    act(viewer, id, await readBody(request));
    return relationshipAnswer(ctx, viewer, id);
  };
