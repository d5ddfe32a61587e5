import type { Context } from '#base/context.ts';
import { originOf } from '#domain/origin.ts';
import { openMedia } from '#domain/posts/open-media.ts';
import { readCaller } from './caller.ts';
import { textOf } from './json-text.ts';
import { createMediaMemory } from './media-decisions.ts';
import { mediaKey } from './media-keys.ts';
import { isApiPath } from './surface.ts';

/** An answer that was written for an app; for all of them if it stayed as it was. */
type Answer = { written: string; tokenId: number };
/** Answers that are remembered, and from how many characters on. */
const MOST_ANSWERS = 50;
const LONG_ANSWER = 10_000;

/** Writes media addresses in JSON text for the app that holds this token. */
export type MediaForApps = (text: string, tokenId: number) => string;

/**
 * Makes what prepares JSON for apps, which load pictures without their token: addresses that a
 * stranger could not open get the app's key (`media-keys.ts`); all others stay the same for
 * everybody, so that caches share them.
 */
export function createMediaForApps(ctx: Context): MediaForApps {
  const memory = createMediaMemory<boolean>(ctx);
  const decide = (names: readonly string[]): Map<string, boolean> => {
    const decided = memory.getMany(names);
    const unknown = [...new Set(names)].filter((name) => !decided.has(name));
    if (unknown.length === 0) return decided;
    const age = memory.age();
    const open = openMedia(ctx, unknown);
    for (const name of unknown) {
      decided.set(name, open.has(name));
      memory.set(name, open.has(name), age);
    }
    return decided;
  };
  const write = (text: string, tokenId: number): string => {
    const start = `${originOf(ctx.config)}/media/`;
    const [before = '', ...pieces] = text.split(start);
    if (pieces.length === 0) return text;
    const open = decide(pieces.map(nameOf).filter(isName));
    let key: string | null = null;
    const written = pieces.map((piece) => {
      const name = nameOf(piece);
      if (!isName(name) || open.get(name) === true) return piece;
      key ??= mediaKey(ctx, tokenId);
      return `${key}${piece}`;
    });
    return key === null ? text : [before, ...written].join(start);
  };
  // Apps ask again while nothing happens, and finding a hundred addresses takes as long as the rest.
  const answers = new Map<string, Answer>();
  let answersAge = memory.look();
  return (text, tokenId) => {
    const age = memory.look();
    if (age !== answersAge || answers.size >= MOST_ANSWERS) answers.clear();
    answersAge = age;
    const known = answers.get(text);
    if (known?.written === text || known?.tokenId === tokenId) return known.written;
    const written = write(text, tokenId);
    if (text.length >= LONG_ANSWER) answers.set(text, { written, tokenId });
    return written;
  };
}

/** What an address names behind `/media/`. */
function nameOf(piece: string): string {
  return /^[a-z0-9][\w./-]*/.exec(piece)?.[0] ?? '';
}

/** Not what has its key already. */
function isName(name: string): boolean {
  return name !== '' && !name.startsWith('as/');
}

/** Makes the same for whole answers of the API; those that are not JSON for an app stay as they are. */
export function createAppAnswers(
  ctx: Context,
): (request: Request, path: string, response: Response) => Promise<Response> {
  const write = createMediaForApps(ctx);
  return async (request, path, response) => {
    if (!isApiPath(path) || !request.headers.has('authorization')) return response;
    if (response.headers.get('content-type')?.startsWith('application/json') !== true) {
      return response;
    }
    const { token } = await readCaller(ctx, request);
    if (token === null || response.body === null) return response;
    const known = textOf(response);
    const text = known ?? (await response.text());
    const written = write(text, token.id);
    if (written === known) return response;
    return new Response(written, { status: response.status, headers: response.headers });
  };
}
