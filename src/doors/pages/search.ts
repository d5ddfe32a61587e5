import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { findAccountsByText } from '#domain/accounts/text-queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { searchPosts } from '#domain/discovery/search-posts.ts';
import { isFederating } from '#domain/federate.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { foldTag } from '#domain/posts/caption.ts';
import { findTagsByPrefix } from '#domain/posts/tag-queries.ts';
import type { SearchPage } from '#doors/entities/page-types.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { parseHandle } from '#doors/federation/remote/handles.ts';
import { resolveText } from '#doors/federation/remote/resolve-text.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { seeOther } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { filterPosts } from './filter-posts.ts';
import { pathOf, profilePathOf } from './find-profile.ts';
import { blocked, countLook, lookUp } from './look-up.ts';
import { personRows } from './standing.ts';

const PEOPLE = 20;
const TAGS = 12;
const POSTS = 20;
const MOST = 2000;

type Found = { people: AccountRow[]; posts: StatusJson[]; tags: string[]; problem: string | null };

/**
 * `/search?q=`: people by name, by handle or by address, posts by address or by their words, hashtags; and
 * `/authorize_interaction?uri=`, where other servers send a member of ours who wants to follow or
 * see something (oStatus). Members only: strangers are led through the sign-in.
 */
export const search = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.search' })
    .use(authPlugin(ctx))
    .get(
      '/search',
      ({ request, caller }) => showSearch(ctx, request, caller, textOf(request, 'q')),
      { signedIn: 'read:search', parse: 'none' },
    )
    .get(
      '/authorize_interaction',
      async ({ request, caller }) => {
        const text = textOf(request, 'uri').replace(/^(acct:|web\+ap:\/\/)/i, (scheme) =>
          scheme.toLowerCase() === 'acct:' ? '' : 'https://',
        );
        const { people, posts } = await find(ctx, caller.viewer, text);
        const [post] = posts;
        if (post && isNamed(text)) return seeOther(pathOf(post));
        const [person] = people;
        if (person && isNamed(text)) return seeOther(profilePathOf(person));
        return await showSearch(ctx, request, caller, text);
      },
      { signedIn: 'read:search', parse: 'none' },
    );

function textOf(request: Request, name: string): string {
  const value = readQuery(request)[name];
  return typeof value === 'string' ? value.trim().slice(0, MOST) : '';
}

/** Whether a text names one thing: a handle with its server, or an address. */
function isNamed(text: string): boolean {
  return isAddress(text) || parseHandle(text) !== null;
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

async function showSearch(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
  query: string,
): Promise<Response> {
  const found = await find(ctx, caller.viewer, query);
  const props: SearchPage = {
    query,
    people: personRows(ctx, caller.viewer, found.people),
    posts: found.posts,
    tags: found.tags,
    problem: found.problem,
    federating: isFederating(ctx),
  };
  const title = query === '' ? 'Search' : `Search: ${query}`;
  return await showPage(ctx, request, { page: 'search', title, props }, { caller });
}

async function find(ctx: Context, viewer: Viewer, text: string): Promise<Found> {
  const none: Found = { people: [], posts: [], tags: [], problem: null };
  if (text === '') return none;
  try {
    if (isAddress(text)) return { ...none, ...(await findByAddress(ctx, viewer, text)) };
    if (parseHandle(text) !== null) {
      return { ...none, people: [await lookUp(ctx, viewer, text)] };
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...none, problem: error.message };
  }
  const word = text.replace(/^[@#]/, '');
  return {
    ...none,
    people: text.startsWith('#') ? [] : findAccountsByText(ctx.db, word, PEOPLE),
    tags: text.startsWith('@') ? [] : findTags(ctx, word),
    posts: /^[@#]/.test(text) ? [] : findPosts(ctx, viewer, text),
  };
}

function findPosts(ctx: Context, viewer: Viewer, text: string): StatusJson[] {
  const ids = searchPosts(ctx, viewer, { text, limit: POSTS });
  return filterPosts(ctx, viewer, 'public', statusesByIds(ctx, viewer, ids));
}

function findTags(ctx: Context, word: string): string[] {
  const folded = foldTag(word);
  return folded === '' ? [] : findTagsByPrefix(ctx.db, folded, TAGS).map(({ name }) => name);
}

/** What lies at an address here or elsewhere. Throws with a sentence if there is nothing to show. */
async function findByAddress(
  ctx: Context,
  viewer: Viewer,
  address: string,
): Promise<Partial<Found>> {
  const host = URL.parse(address)?.host;
  if (host === undefined) throw new AppError('invalid', 'This address is broken.');
  const own = ctx.config.origin !== null && host === new URL(ctx.config.origin).host;
  if (!own && !isFederating(ctx)) {
    throw new AppError('not_found', 'This place does not speak with other servers.');
  }
  if (!own && policyOf(ctx, host) === 'blocked') throw blocked(host);
  if (!own) countLook(ctx, `a${viewer.id}`);
  const found = await resolveText(ctx, address);
  if (found !== null && 'account' in found) return { people: [found.account] };
  const posts = found === null ? [] : statusesByIds(ctx, viewer, [found.post.id]);
  if (posts.length > 0) return { posts };
  throw new AppError(
    'not_found',
    'Nothing that can be shown here was found at this address. It may be private, or gone.',
  );
}
