import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Instance } from './world.ts';

/** A web app of somebody else on an address of its own, which signs people in through a window. */
export type ClientApp = {
  url: string;
  /** Where the answer goes. */
  redirect: string;
  stop: () => Promise<void>;
};

/** Starts one; another host than the instance's, so that every border between sites holds. */
export async function startClientApp(instance: Instance): Promise<ClientApp> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    const script = request.url?.startsWith('/back') ? backScript : appScript(instance.url);
    response.end(`<!doctype html><html lang="en"><title>A client</title><link rel="icon" href="data:,">
      <h1>A client</h1><button id="enter">Enter</button> <button id="ask">Ask again</button>
      <p id="says">Nobody</p><script>${script}</script></html>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url, redirect: `${url}/back`, stop };
}

/** Registers an app from outside of any page; answers the query of `/oauth/authorize`. */
export async function askToBeLetIn(
  instance: Instance,
  redirect: string,
  name = 'A quiet client',
): Promise<URLSearchParams> {
  const scopes = 'read write follow push';
  const answer = await fetch(`${instance.url}/api/v1/apps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: name,
      redirect_uris: [redirect],
      scopes,
      website: 'https://client.example/',
    }),
  });
  const { client_id } = (await answer.json()) as { client_id: string };
  return new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: redirect,
    scope: scopes,
    state: 'kept',
  });
}

/** The answer arrives in the window; whoever opened it takes it from there. */
const backScript = `
  document.title = 'Back';
  if (window.opener) { window.opener.postMessage(location.search, location.origin); window.close(); }
  document.getElementById('says').textContent = location.search;
`;

/** What apps such as Phanpy do, in short. */
function appScript(server: string): string {
  return `
  const server = ${JSON.stringify(server)};
  const says = document.getElementById('says');
  const redirect = location.origin + '/back';
  const post = (path, body) => fetch(server + path, { method: 'POST', body: new URLSearchParams(body) });
  let token = '', verifier = '', app = null;
  const b64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  async function me() {
    const answer = await fetch(server + '/api/v1/accounts/verify_credentials',
      { headers: { authorization: 'Bearer ' + token } });
    says.textContent = answer.ok ? 'Hello ' + (await answer.json()).username : 'Refused ' + answer.status;
  }
  document.getElementById('enter').onclick = async () => {
    // Opened at once, or it would not be the click that opens it.
    const popup = window.open('about:blank', 'enter', 'width=500,height=700');
    const known = await (await fetch(server + '/.well-known/oauth-authorization-server')).json();
    app = await (await post('/api/v1/apps', { client_name: 'A client', redirect_uris: redirect,
      scopes: 'read write', website: location.origin })).json();
    verifier = b64(crypto.getRandomValues(new Uint8Array(48)));
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
    const query = new URLSearchParams({ response_type: 'code', client_id: app.client_id,
      redirect_uri: redirect, scope: 'read write', state: 'mine',
      code_challenge: b64(digest), code_challenge_method: 'S256' });
    popup.location = known.authorization_endpoint + '?' + query;
  };
  addEventListener('message', async (event) => {
    const query = new URLSearchParams(event.data);
    if (query.get('state') !== 'mine') return void (says.textContent = 'Wrong state');
    if (!query.get('code')) return void (says.textContent = query.get('error'));
    const answer = await post('/oauth/token', { grant_type: 'authorization_code',
      code: query.get('code'), redirect_uri: redirect, client_id: app.client_id,
      client_secret: app.client_secret, code_verifier: verifier });
    token = (await answer.json()).access_token;
    await me();
  });
  document.getElementById('ask').onclick = me;
  `;
}
