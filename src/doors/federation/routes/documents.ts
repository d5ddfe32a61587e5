import type { Context } from '#base/context.ts';
import { requestFacts, requestPath } from '#doors/http/request-facts.ts';
import { answerActor } from './answer-actor.ts';
import { answerPost } from './answer-post.ts';
import { wantsActivity } from './negotiate.ts';

const NAME = '([A-Za-z0-9_.-]{1,64})';
const ACTOR = new RegExp(`^/(?:users/|@)${NAME}/?$`);
const POST = new RegExp(`^/(?:users/${NAME}/posts|@${NAME})/([0-9]{1,16})/?$`);

/**
 * Makes what stands in front of the pages of accounts and posts: who wants the document instead (by
 * `Accept`) gets it at the same address, before a page is drawn, or taken from the memory of pages,
 * and without a look at cookies and tokens. Null for everybody and everything else.
 */
export function createDocuments(ctx: Context): (request: Request) => Promise<Response> | null {
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return null;
    if (!wantsActivity(request)) return null;
    const path = requestPath(request);
    const [, actor] = ACTOR.exec(path) ?? [];
    if (actor !== undefined) {
      requestFacts(request).route = '/users/:name';
      return answerActor(ctx, request, actor);
    }
    const [, byId, byPage, id] = POST.exec(path) ?? [];
    const name = byId ?? byPage;
    if (name === undefined || id === undefined) return null;
    requestFacts(request).route = '/users/:name/posts/:id';
    return answerPost(ctx, request, { name, id });
  };
}
