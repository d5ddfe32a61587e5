import { connect as connectTcp } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { isPublicAddress, parseAddress } from '#base/core/addresses.ts';
import { FetchError } from '#base/platform/fetch.ts';
import { federationPolicy } from '#domain/federate.ts';
import { type Finding, fail, fine, warn } from './finding.ts';
import type { Patient } from './patient.ts';
import { findOwnerName } from './table-queries.ts';

const PATIENCE = 8_000;
const DAY = 24 * 3_600_000;

/** How others reach this server: its name, its port, its certificate, and what it says from outside. */
export async function checkAddress(patient: Patient): Promise<Finding[]> {
  const port = await checkPort(patient);
  const { config, server } = patient;
  if (config.origin === null) {
    return [port, fine('address', 'There is no public address, so nobody outside is served.')];
  }
  const url = new URL(config.origin);
  const name = await checkName(patient, url);
  if (name.some((each) => each.level === 'fail')) return [port, ...name];
  const certificate = url.protocol === 'https:' ? [await checkCertificate(patient, url)] : [];
  const proxy = server?.proxy ? [proxyFinding(server.proxy)] : [];
  // Without a server the address answers nothing that is worth a look.
  const outside = server === null ? [] : await checkOutside(patient, url);
  return [port, ...name, ...certificate, ...proxy, ...outside];
}

async function checkPort({ config, server }: Patient): Promise<Finding> {
  const { host, port } = server ?? config.listen;
  const every = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const taken = await isAnswered(every, port);
  if (server !== null) {
    const advice = 'Look at the log, and whether a firewall of this machine is in the way.';
    return taken
      ? fine('port', `The server answers on port ${port}.`)
      : fail('port', `The server runs, but port ${port} does not answer.`, advice);
  }
  if (!taken) return fine('port', `No server runs; port ${port} is free.`);
  const advice = 'End that program, or choose another port with listen.';
  return fail('port', `No Tintype runs on this data, but port ${port} is taken.`, advice);
}

function isAnswered(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port, timeout: PATIENCE });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

async function checkName({ resolve, config }: Patient, url: URL): Promise<Finding[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await resolve(host).catch(() => []);
  if (addresses.length === 0) {
    const advice = `Give ${host} an A or AAAA record with the address of this machine.`;
    return [fail('address.name', `The name ${host} leads nowhere.`, advice)];
  }
  const list = addresses.join(', ');
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  if (addresses.some((address) => own.some((each) => each.address === address))) {
    return [fine('address.name', `The name ${host} leads to this machine (${list}).`)];
  }
  if (!addresses.some(isPublic) && config.allowAddresses.length === 0) {
    const text = `The name ${host} leads to ${list}, which nobody outside reaches.`;
    return [warn('address.name', text, 'For other servers it must be a public address.')];
  }
  const text = `The name ${host} leads to ${list}; behind a router that cannot be seen from here.`;
  return [fine('address.name', text)];
}

function isPublic(text: string): boolean {
  const address = parseAddress(text);
  return address !== null && isPublicAddress(address);
}

function checkCertificate({ now }: Patient, url: URL): Promise<Finding> {
  const id = 'address.certificate';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || 443;
  return new Promise((resolve) => {
    const named = /^[\d.:a-f]+$/i.test(host) ? {} : { servername: host };
    const socket = connectTls({
      host,
      port,
      ...named,
      rejectUnauthorized: false,
      timeout: PATIENCE,
    });
    const end = (finding: Finding) => {
      socket.destroy();
      resolve(finding);
    };
    const unreachable = (why: string) =>
      end(fail(id, `No https at ${url.origin}: ${why}`, OPEN_PORT));
    socket.once('timeout', () => unreachable('it does not answer.'));
    socket.once('error', (error) => unreachable(error.message));
    socket.once('secureConnect', () => {
      const until = Date.parse(socket.getPeerCertificate().valid_to);
      const days = Math.floor((until - now()) / DAY);
      const why = socket.authorizationError;
      if (days < 0) return end(fail(id, `The certificate ended ${-days} days ago.`, RENEW));
      if (why) return end(fail(id, `Browsers refuse the certificate: ${why}`, RENEW));
      const text = `The certificate is good for ${days} days more.`;
      return end(days < 14 ? warn(id, text, RENEW) : fine(id, text));
    });
  });
}

const OPEN_PORT =
  'Let port 443 of the router lead to this machine, and look whether the proxy runs.';
const RENEW =
  'Whoever serves https must renew it: look at the log of the proxy, or of Tintype for "certificate".';

function proxyFinding(proxy: NonNullable<NonNullable<Patient['server']>['proxy']>): Finding {
  const { level, text, advice } = proxy;
  if (level === 'ok') return fine('proxy', text);
  return level === 'warn' ? warn('proxy', text, advice) : fail('proxy', text, advice);
}

async function checkOutside(patient: Patient, url: URL): Promise<Finding[]> {
  const { config, db, server } = patient;
  const live = await ask(patient, `${url.origin}/livez`);
  if ('problem' in live) {
    const text = `${url.origin} cannot be reached from here: ${live.problem}`;
    const advice =
      'Some routers do not lead their own network back in; try from a phone without Wi-Fi.';
    return [warn('address.outside', text, advice)];
  }
  if (live.status !== 200 || !live.id?.startsWith(`${server?.boot}-`)) {
    const text = `What answers at ${url.origin} is not this server (it says ${live.status}).`;
    const advice = 'Let the proxy lead to this server, and the name to this machine.';
    return [fail('address.outside', text, advice)];
  }
  const reached = fine('address.outside', `${url.origin} leads to this server.`);
  if (db === null || federationPolicy({ config, db }) === 'off') return [reached];
  return [reached, await checkFinger(patient, url, db), await checkNodeinfo(patient, url)];
}

async function checkFinger(
  patient: Patient,
  url: URL,
  db: NonNullable<Patient['db']>,
): Promise<Finding> {
  const name = findOwnerName(db);
  if (name === null) return fine('address.webfinger', 'Nobody is to be found before set-up.');
  const handle = `${name}@${url.host}`;
  const address = `${url.origin}/.well-known/webfinger?resource=acct:${encodeURIComponent(handle)}`;
  const answer = await ask(patient, address);
  if ('text' in answer && answer.status === 200 && answer.text.includes(`acct:${handle}`)) {
    return fine('address.webfinger', `Other servers find @${handle}.`);
  }
  const said = 'problem' in answer ? answer.problem : `it answers ${answer.status}`;
  const advice = 'Let the proxy pass /.well-known/webfinger on, with its query.';
  return fail('address.webfinger', `Other servers do not find @${handle}: ${said}`, advice);
}

async function checkNodeinfo(patient: Patient, url: URL): Promise<Finding> {
  const answer = await ask(patient, `${url.origin}/.well-known/nodeinfo`);
  if (
    'text' in answer &&
    answer.status === 200 &&
    answer.text.includes(`${url.origin}/nodeinfo/`)
  ) {
    return fine('address.nodeinfo', 'Other servers learn what software this is.');
  }
  const advice = 'Let the proxy pass /.well-known/nodeinfo and /nodeinfo on.';
  return warn('address.nodeinfo', 'Other servers do not learn what software this is.', advice);
}

async function ask(
  { fetch }: Patient,
  url: string,
): Promise<{ status: number; text: string; id: string | null } | { problem: string }> {
  try {
    const answer = await fetch({ url, maxBytes: 64_000, deadline: PATIENCE, redirects: 1 });
    const id = answer.headers.get('x-request-id');
    return { status: answer.status, text: new TextDecoder().decode(answer.body), id };
  } catch (error) {
    if (error instanceof FetchError) return { problem: error.message };
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
