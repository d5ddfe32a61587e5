import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { isSetUp } from '#domain/accounts/setup-state.ts';
import { isFederating } from '#domain/federate.ts';
import { readSetting } from '#domain/settings.ts';
import { readCaller } from './caller.ts';
import { notFound } from './errors.ts';
import { seeOther } from './forms.ts';
import { isForProgram, problemResponse, toSignIn } from './problem.ts';
import { isApiPath, isMediaPath } from './surface.ts';

/** An address that strangers reach on a closed instance. */
export type OpenAddress = {
  /** `GET` stands for HEAD too. */
  readonly methods: readonly ('GET' | 'POST')[];
  /** Exact, or everything below it if it ends with `/*`. */
  readonly path: string;
  readonly reason: string;
  /** Only while the server speaks with others; what is there asks for a signature itself. */
  readonly federation?: true;
};

/** All that a stranger gets of a closed instance. Health, assets and robots.txt answer before the gate. */
export const openAddresses: readonly OpenAddress[] = [
  { methods: ['GET', 'POST'], path: '/sign-in', reason: 'how members get in' },
  { methods: ['GET', 'POST'], path: '/setup', reason: 'makes the owner; needs the one-time code' },
  {
    methods: ['GET', 'POST'],
    path: '/join/*',
    reason: 'invite links; worthless without the token',
  },
  { methods: ['GET', 'POST'], path: '/reset/*', reason: 'password links; need the one-time token' },
  {
    methods: ['GET'],
    path: '/media/as/*',
    reason: 'photos for apps of members, which load them without a token; need the key',
  },
  {
    methods: ['GET'],
    path: '/.well-known/acme-challenge/*',
    reason: 'the certificate authority asks here',
  },
  ...appAddresses(),
  ...federationAddresses(),
];

/** How the apps of members get in; a person says yes behind the sign-in. Nothing here is about anybody. */
function appAddresses(): OpenAddress[] {
  const open = (method: 'GET' | 'POST', path: string, reason: string): OpenAddress => ({
    methods: [method],
    path,
    reason,
  });
  return [
    open('POST', '/api/v1/apps', 'apps of members say who they are; gives no access'),
    open('GET', '/api/v1/apps/verify_credentials', 'an app with a token reads what it said'),
    open('GET', '/api/nodeinfo/2.0.json', 'the Pixelfed app asks if it may sign in; no names'),
    open('GET', '/api/v2/instance', 'apps ask what the software can; strangers get no names'),
    open('GET', '/oauth/authorize', 'leads to the sign-in and back, as the app asked for it'),
    open('POST', '/oauth/token', 'a member’s permission becomes a token; needs code and secret'),
    open('POST', '/oauth/revoke', 'an app gives its token back; needs its secret'),
    open('GET', '/.well-known/oauth-authorization-server', 'the addresses above, in JSON'),
  ];
}

/** How other servers find and reach a family that lets them. Behind these, only who signs is told anything of anybody. */
function federationAddresses(): OpenAddress[] {
  const open = (methods: OpenAddress['methods'], path: string, reason: string): OpenAddress => ({
    methods,
    path,
    reason,
    federation: true,
  });
  return [
    open(['GET'], '/.well-known/webfinger', 'servers look a name up that they were told'),
    open(['GET'], '/.well-known/host-meta', 'the same, as it was done before'),
    open(['GET'], '/.well-known/host-meta.json', 'the same in JSON'),
    open(['GET'], '/.well-known/nodeinfo', 'what software this is'),
    open(['GET'], '/nodeinfo/*', 'what software this is, whole'),
    open(['GET'], '/actor', 'the key by which our own requests are checked'),
    open(['GET', 'POST'], '/actor/*', 'inbox of the server itself'),
    open(['GET', 'POST'], '/users/*', 'actors, posts and inboxes; need a signature'),
    open(['POST'], '/inbox', 'activities; need a signature'),
    open(['GET'], '/media/shared/*', 'photos for servers of followers; need the secret'),
  ];
}

/** Of those, what leads somewhere before there is an owner. */
const BEFORE_SETUP = new Set(['/setup', '/.well-known/acme-challenge/*']);

/** True if strangers may come to this address of a closed instance. */
export function isOpenAddress(method: string, path: string): boolean {
  return findOpen(method, path) !== undefined;
}

function findOpen(method: string, path: string): OpenAddress | undefined {
  const asked = method === 'HEAD' ? 'GET' : method;
  const bare = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  return openAddresses.find(
    (open) =>
      open.methods.some((each) => each === asked) &&
      (open.path.endsWith('/*')
        ? bare.startsWith(open.path.slice(0, -1)) && bare.length >= open.path.length
        : bare === open.path),
  );
}

/**
 * Makes the gate in front of everything: before set-up all roads lead to `/setup`; in family mode
 * strangers get `openAddresses` and nothing else, whatever routes exist behind it. Answers null to
 * let a request through. It looks at who asks, never at what is there.
 */
export function createGate(
  ctx: Context,
): (request: Request, path: string) => Promise<Response | null> {
  let ready = false;
  return async (request, path) => {
    if (!ready) ready = isSetUp(ctx.db);
    const open = findOpen(request.method, path);
    if (!ready) {
      return open && BEFORE_SETUP.has(open.path) ? null : await beforeSetup(ctx, request, path);
    }
    if (!isClosed(ctx) || (open && (!open.federation || isFederating(ctx)))) return null;
    const caller = await readCaller(ctx, request);
    if (caller.viewer !== null) return null;
    return await refuseStranger(ctx, request, path);
  };
}

/** True if strangers are to see nothing: family mode. */
export function isClosed(ctx: Pick<Context, 'config' | 'db'>): boolean {
  return readSetting(ctx, 'mode') === 'family';
}

async function beforeSetup(ctx: Context, request: Request, path: string): Promise<Response> {
  if (isForProgram(request, path)) {
    const error = new AppError('unavailable', 'This server is not set up yet.');
    return await problemResponse(ctx, request, error);
  }
  return seeOther('/setup');
}

async function refuseStranger(ctx: Context, request: Request, path: string): Promise<Response> {
  if (isMediaPath(path)) return await problemResponse(ctx, request, notFound(request));
  if (isApiPath(path) || isForProgram(request, path)) {
    const error = new AppError('unauthorized', 'The access token is invalid');
    return await problemResponse(ctx, request, error);
  }
  return toSignIn(request, path);
}
