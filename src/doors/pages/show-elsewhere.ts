import type { Context } from '#base/context.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { accountsJson } from '#doors/entities/account.ts';
import type { ElsewherePage } from '#doors/entities/page-types.ts';
import type { AccountJson, StatusJson } from '#doors/entities/types.ts';
import type { Caller } from '#doors/http/caller.ts';
import { notFound } from '#doors/http/errors.ts';
import { showPage } from '#doors/http/html.ts';
import { hostOf, webAddress } from '#web/client/address.ts';
import { nameOf } from './page-heads.ts';

/** Whether a post lives on another server and nobody is signed in: then only its address is shown. */
export function isElsewhere(viewer: Viewer | null, post: StatusJson): boolean {
  return viewer === null && !post.account.local;
}

/** What a stranger gets of a post of another server: the way to it, for people alone. */
export function showElsewherePost(
  ctx: Context,
  request: Request,
  caller: Caller,
  post: StatusJson,
): Promise<Response> {
  const url = webAddress(post.url) ?? webAddress(post.account.url);
  return show(ctx, request, caller, post.account, { kind: 'post', url });
}

/** What a stranger gets of an account of another server. */
export function showElsewhereAccount(
  ctx: Context,
  request: Request,
  caller: Caller,
  row: AccountRow,
): Promise<Response> {
  const [account] = accountsJson(ctx, [row]);
  if (!account) throw notFound(request);
  return show(ctx, request, caller, account, { kind: 'account', url: webAddress(account.url) });
}

function show(
  ctx: Context,
  request: Request,
  caller: Caller,
  account: AccountJson,
  { kind, url }: { kind: 'account' | 'post'; url: string | null },
): Promise<Response> {
  const host = hostOf(account);
  if (url === null || host === null) throw notFound(request);
  // Where the link leads is said as it is: the page may lie on another host than the name.
  const props: ElsewherePage = { kind, name: nameOf(account), url, host: new URL(url).host };
  return showPage(ctx, request, { page: 'elsewhere', title: nameOf(account), props }, { caller });
}
