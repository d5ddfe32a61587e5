import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { perValue } from '#base/core/per-value.ts';
import { createSingleFlight } from '#base/core/single-flight.ts';
import { DocumentError } from './document-error.ts';
import { originOfDomain } from './handles.ts';
import { findNodeinfoTime, saveSoftware } from './host-queries.ts';
import { readAddress, signedGet } from './signed-get.ts';

const WEEK = 7 * 24 * 3_600_000;
const MAX_BYTES = 64 * 1024;
const SCHEMA = /^https?:\/\/nodeinfo\.diaspora\.software\/ns\/schema\/(?:1\.[01]|2\.[01])$/;

const Links = v.object({
  links: v.array(v.object({ rel: v.string(), href: v.string() })),
});
// Names as NodeInfo allows them; anything else is nobody's name (T52).
const NodeInfo = v.object({
  software: v.object({
    name: v.pipe(v.string(), v.regex(/^[a-z0-9_-]{1,40}$/i)),
    version: v.fallback(v.pipe(v.string(), v.regex(/^[\w .+~:/()-]{1,80}$/)), ''),
  }),
});

const flights = perValue((_ctx: Context) => createSingleFlight<void>());

/** Finds out in the background what another server runs on (NodeInfo), at most once a week. */
export function learnSoftware(ctx: Context, host: string): void {
  const known = findNodeinfoTime(ctx.db, host);
  if (known !== null && known > ctx.now() - WEEK) return;
  readSoftware(ctx, host).catch((error: unknown) => {
    ctx.log.debug('The software of a server could not be stored.', { host, error });
  });
}

/** Reads what a server runs on into its row of `hosts`; one that does not say is not asked for a week either. */
export function readSoftware(ctx: Context, host: string): Promise<void> {
  return flights(ctx)(host, async () => {
    const software = await ask(ctx, host).catch((error: unknown) => {
      if (error instanceof DocumentError) return null;
      throw error;
    });
    saveSoftware(ctx.db, {
      host,
      software: software?.name.toLowerCase() ?? null,
      version: software?.version || null,
      now: ctx.now(),
    });
  });
}

async function ask(ctx: Context, host: string): Promise<{ name: string; version: string } | null> {
  const wellKnown = `${originOfDomain(ctx.config, host)}/.well-known/nodeinfo`;
  const list = v.safeParse(Links, await getJson(ctx, wellKnown));
  if (!list.success) return null;
  const known = list.output.links.filter(({ rel }) => SCHEMA.test(rel));
  const href = known.at(0)?.href ?? '';
  // Only the server itself says what it runs on.
  if (readAddress(href)?.host !== host) return null;
  const info = v.safeParse(NodeInfo, await getJson(ctx, href));
  return info.success ? info.output.software : null;
}

async function getJson(ctx: Context, url: string): Promise<unknown> {
  const answer = await signedGet(ctx, { url, accept: 'application/json', maxBytes: MAX_BYTES });
  try {
    return JSON.parse(new TextDecoder().decode(answer.body));
  } catch {
    return null;
  }
}
