import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { fileReport } from '#domain/moderation/file-report.ts';
import { blockAccount, unblockAccount } from '#domain/relationships/block.ts';
import { muteAccount, unmuteAccount } from '#domain/relationships/mute.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { safeNext } from '#doors/http/links.ts';
import { findProfile, nameParams, profilePathOf } from './find-profile.ts';
import { formSwitch, formText } from './form-fields.ts';

const schema = v.object({
  next: formText(),
  comment: formText(),
  post_id: formText(),
  forward: formSwitch(),
});
type Said = v.InferOutput<typeof schema>;

type Act = {
  scope: 'write:mutes' | 'write:blocks' | 'write:reports';
  run: (ctx: Context, viewer: Viewer, account: AccountRow, said: Said) => unknown;
  told: (name: string) => string;
};

/** What one can do against somebody, by the last word of the address. */
const ACTS: Readonly<Record<string, Act>> = {
  mute: {
    scope: 'write:mutes',
    run: (ctx, viewer, { id }) =>
      muteAccount(ctx, viewer, id, { notifications: true, duration: null }),
    told: (name) => `${name} is muted. Settings, Interactions lists whom you muted.`,
  },
  unmute: {
    scope: 'write:mutes',
    run: (ctx, viewer, { id }) => unmuteAccount(ctx, viewer, id),
    told: (name) => `You hear of ${name} again.`,
  },
  block: {
    scope: 'write:blocks',
    run: (ctx, viewer, { id }) => blockAccount(ctx, viewer.id, id),
    told: (name) => `${name} is blocked. Settings, Interactions lists whom you blocked.`,
  },
  unblock: {
    scope: 'write:blocks',
    run: (ctx, viewer, { id }) => unblockAccount(ctx, viewer.id, id),
    told: (name) => `${name} is blocked no more.`,
  },
  report: {
    scope: 'write:reports',
    run: (ctx, viewer, { id }, said) => report(ctx, viewer, id, said),
    told: () => 'Thank you. The people who run this place will look at it.',
  },
};

function report(ctx: Context, viewer: Viewer, targetId: number, said: Said): void {
  const postId = parseId(said.post_id);
  fileReport(ctx, {
    ...{ reporterId: viewer.id, reporterDomain: null, targetId },
    ...{ postIds: postId === null ? [] : [postId], comment: said.comment, forward: said.forward },
  });
}

/** The lines of a menu about somebody: POST `/@name/{mute,unmute,block,unblock,report}`. */
export const personActs = (ctx: Context): AnyElysia => {
  let door: AnyElysia = new Elysia({ name: 'pages.person-acts' }).use(authPlugin(ctx));
  for (const [name, act] of Object.entries(ACTS)) {
    door = door.post(
      `/@:name/${name}`,
      async ({ request, params, viewer }) => {
        const account = findProfile(ctx, request, viewer, params.name);
        const said = v.parse(schema, await readBody(request));
        act.run(ctx, viewer, account, said);
        // Who was muted or blocked is out of sight: the way back leads elsewhere.
        const path = said.next === '' ? placeAfter(name, account) : safeNext(said.next);
        const text = act.told(`@${account.username}`);
        return redirectTo(ctx, request, path, { kind: 'done', text });
      },
      { signedIn: act.scope, parse: 'none', params: nameParams },
    );
  }
  return door;
};

function placeAfter(act: string, account: AccountRow): string {
  return act === 'mute' || act === 'block' ? '/' : profilePathOf(account);
}
