import { AppError } from '#base/core/errors.ts';

type Code =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type';

/** What each error of RFC 6749 §5.2 says, in Mastodon's words, and its status. */
const said: Readonly<Record<Code, { status: number; text: string }>> = {
  invalid_request: {
    status: 400,
    text: 'The request is missing a required parameter, includes an unsupported parameter value, or is otherwise malformed.',
  },
  invalid_client: {
    status: 401,
    text: 'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.',
  },
  invalid_grant: {
    status: 400,
    text: 'The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.',
  },
  invalid_scope: {
    status: 400,
    text: 'The requested scope is invalid, unknown, or malformed.',
  },
  unauthorized_client: {
    status: 403,
    text: 'You are not authorized to revoke this token.',
  },
  unsupported_grant_type: {
    status: 400,
    text: 'The authorization grant type is not supported by the authorization server.',
  },
};

/** An error that apps read by its code, on the addresses that only they call. */
export class OauthError extends Error {
  override readonly name = 'OauthError';
  readonly code: Code;

  constructor(code: Code) {
    super(said[code].text);
    this.code = code;
  }
}

/** Runs what answers an app: nobody keeps the answer, and what goes wrong has the shape of RFC 6749 §5.2. */
export async function answerApp(request: Request, work: () => Promise<unknown>): Promise<Response> {
  const headers = { 'cache-control': 'no-store', pragma: 'no-cache' };
  try {
    return Response.json(await work(), { headers });
  } catch (error) {
    const known = asOauthError(error);
    const { status, text } = said[known.code];
    const body = { error: known.code, error_description: text };
    return Response.json(body, { status, headers: { ...headers, ...challenge(request, known) } });
  }
}

/** A body that cannot be read is the app's mistake; the rest is answered as everywhere. */
function asOauthError(error: unknown): OauthError {
  if (error instanceof OauthError) return error;
  const kinds = ['bad_request', 'unsupported_type', 'invalid'];
  if (error instanceof AppError && kinds.includes(error.kind)) {
    return new OauthError('invalid_request');
  }
  throw error;
}

/** Who tried Basic is told so (RFC 6749 §5.2); nobody else, or browsers would ask for a password. */
function challenge(request: Request, error: OauthError): Record<string, string> {
  const basic = /^basic\s/i.test(request.headers.get('authorization') ?? '');
  if (error.code !== 'invalid_client' || !basic) return {};
  return { 'www-authenticate': 'Basic realm="oauth"' };
}
