import { createHash } from 'node:crypto';
import type { Person, TestApp } from '#test/harness/app.ts';

/** An app as its maker sees it: registered, with the way through the consent page. */
export type TestClient = {
  id: string;
  secret: string;
  /** The query of `/oauth/authorize`, with what is said differently. */
  question(change?: Record<string, string>): URLSearchParams;
  /** A person's answer on the page. */
  decide(person: Person, decision: string, change?: Record<string, string>): Promise<Response>;
  /** Turns a code into a token. */
  exchange(code: string, change?: Record<string, string>): Promise<Response>;
  /** Reads something of the person with a token. */
  read(token: string): Promise<Response>;
};

/** Registers an app with one address. */
export async function registerApp(
  app: TestApp,
  { redirect, scopes }: { redirect: string; scopes: string },
): Promise<TestClient> {
  const answer = await app.request('/api/v1/apps', {
    json: { client_name: 'Test client', redirect_uris: [redirect], scopes },
  });
  const said = (await answer.json()) as { client_id: string; client_secret: string };
  if (answer.status !== 200) throw new Error(JSON.stringify(said));
  const { client_id: id, client_secret: secret } = said;
  const question = (change: Record<string, string> = {}) =>
    new URLSearchParams({
      response_type: 'code',
      client_id: id,
      redirect_uri: redirect,
      scope: scopes,
      ...change,
    });
  return {
    id,
    secret,
    question,
    decide: (person, decision, change) =>
      app.request('/oauth/authorize', {
        as: person,
        form: { ...Object.fromEntries(question(change)), decision },
      }),
    exchange: (code, change = {}) =>
      app.request('/oauth/token', {
        json: {
          grant_type: 'authorization_code',
          client_id: id,
          client_secret: secret,
          redirect_uri: redirect,
          code,
          ...change,
        },
      }),
    read: (token) => app.request('/api/v1/accounts/verify_credentials', { token }),
  };
}

/** The code in the answer of the consent page. */
export function codeOf(answer: Response): string {
  const location = answer.headers.get('location') ?? '';
  const code = /[?&]code=([^&]+)/.exec(location)?.[1];
  if (code === undefined) throw new Error(`No code in ${answer.status} ${location}`);
  return code;
}

/** The whole way: a person says yes, the app has its token. */
export async function letIn(
  client: TestClient,
  person: Person,
): Promise<{ access: string; refresh: string }> {
  const answer = await client.exchange(codeOf(await client.decide(person, 'allow')));
  const said = (await answer.json()) as { access_token: string; refresh_token: string };
  if (answer.status !== 200) throw new Error(JSON.stringify(said));
  return { access: said.access_token, refresh: said.refresh_token };
}

/** S256 of RFC 7636. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
