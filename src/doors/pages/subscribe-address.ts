import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { DocumentError } from '#doors/federation/remote/document-error.ts';
import { isOwnDomain, originOfDomain, parseHandle } from '#doors/federation/remote/handles.ts';
import { signedGet } from '#doors/federation/remote/signed-get.ts';
import { blocked } from './look-up.ts';

const MAX_BYTES = 64 * 1024;
const REL = 'http://ostatus.org/schema/1.0/subscribe';

const Jrd = v.object({
  links: v.array(
    v.looseObject({ rel: v.optional(v.unknown()), template: v.optional(v.unknown()) }),
  ),
});

/**
 * Where a visitor with an account on another server goes to follow `uri` from there: the subscribe
 * template that the server of `handle` tells by WebFinger (oStatus), filled in. Only https, and only
 * a host of that very server (T74). Throws with a sentence for the visitor.
 */
export async function findSubscribeAddress(
  ctx: Context,
  handle: string,
  uri: string,
): Promise<URL> {
  const person = parseHandle(handle);
  if (person === null) throw wrong('Write your own address, like you@example.social.');
  const { username, domain } = person;
  if (isOwnDomain(ctx.config, domain)) throw wrong('That is an account of this place: sign in.');
  if (policyOf(ctx, domain) === 'blocked') throw blocked(domain);
  const origin = originOfDomain(ctx.config, domain);
  const resource = encodeURIComponent(`acct:${username}@${domain}`);
  try {
    const answer = await signedGet(ctx, {
      url: `${origin}/.well-known/webfinger?resource=${resource}`,
      accept: 'application/jrd+json, application/json',
      types: ['application/jrd+json', 'application/json'],
      maxBytes: MAX_BYTES,
    });
    const hosts = [domain, new URL(answer.url).host];
    const target = readTemplate(answer.body, uri, new URL(origin).protocol, hosts);
    if (target === null) throw wrong(`${domain} does not offer to follow somebody from here.`);
    return target;
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const sentence =
      error.failure === 'unreachable'
        ? `${domain} does not answer. Try again later.`
        : `${domain} does not know ${username}.`;
    throw wrong(sentence, error);
  }
}

function readTemplate(
  body: Uint8Array,
  uri: string,
  protocol: string,
  hosts: readonly string[],
): URL | null {
  const jrd = v.safeParse(Jrd, parse(body));
  const link = jrd.success ? jrd.output.links.find(({ rel }) => rel === REL) : undefined;
  const template = link?.template;
  if (typeof template !== 'string' || template.length > 2000 || !template.includes('{uri}')) {
    return null;
  }
  const url = URL.parse(template.replaceAll('{uri}', encodeURIComponent(uri)));
  if (url === null || url.username !== '' || url.password !== '') return null;
  // Plain http only where the owner allows that very network.
  if (url.protocol !== 'https:' && url.protocol !== protocol) return null;
  return hosts.some((host) => isOneHouse(url.host, host)) ? url : null;
}

/** The same host, or one below the other: `social.example.org` for people of `example.org`. */
function isOneHouse(one: string, other: string): boolean {
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}

function wrong(sentence: string, cause?: unknown): AppError {
  return new AppError('invalid', sentence, { cause, fields: { handle: sentence } });
}
