import type { Config } from '#base/config/config.ts';
import { parseId } from '#base/core/ids.ts';
import { originOf } from '#domain/origin.ts';

/** What one of our own ids means; whether it is there is another question. */
export type OwnId =
  | { kind: 'instance' }
  | { kind: 'actor' | 'followers' | 'following' | 'featured'; username: string }
  /** A post, or with `activity` the Create that brought it. */
  | { kind: 'post'; username: string; postId: number }
  /** `ref` is what the id was made with: the other account, the post or the share. */
  | {
      kind: 'follow' | 'accept' | 'reject' | 'like' | 'share' | 'block';
      username: string;
      ref: number;
    };

const NAME = '([A-Za-z0-9_.-]{1,64})';
const SHAPES: readonly [RegExp, (name: string, ref: string) => OwnId | null][] = [
  [new RegExp(`^/(?:users/|@)${NAME}$`), (username) => ({ kind: 'actor', username })],
  [
    new RegExp(`^/users/${NAME}/(followers|following|featured)$`),
    (username, kind) =>
      kind === 'followers' || kind === 'following' || kind === 'featured'
        ? { kind, username }
        : null,
  ],
  [new RegExp(`^/users/${NAME}/posts/([0-9]{1,16})(?:/activity)?$`), readPost],
  [new RegExp(`^/@${NAME}/([0-9]{1,16})$`), readPost],
];
const ACT =
  /^([A-Za-z0-9_.-]{1,64})#(follows|accepts\/follows|rejects\/follows|likes|shares|blocks)\/([0-9]{1,16})$/;
const ACTS = {
  follows: 'follow',
  'accepts/follows': 'accept',
  'rejects/follows': 'reject',
  likes: 'like',
  shares: 'share',
  blocks: 'block',
} as const;

/** Reads an id or page address of this server; null for everything else, whoever says it. */
export function readOwnId(config: Config, uri: string): OwnId | null {
  const origin = originOf(config);
  if (!uri.startsWith(`${origin}/`)) return null;
  const path = uri.slice(origin.length);
  if (path === '/actor') return { kind: 'instance' };
  const act = path.startsWith('/users/') ? readAct(path.slice('/users/'.length)) : null;
  if (act !== null) return act;
  for (const [shape, read] of SHAPES) {
    const match = shape.exec(path);
    if (match) return read(match[1] ?? '', match[2] ?? '');
  }
  return null;
}

function readPost(username: string, text: string): OwnId | null {
  const postId = parseId(text);
  return postId === null ? null : { kind: 'post', username, postId };
}

function readAct(text: string): OwnId | null {
  const [, username = '', kind = '', number = ''] = ACT.exec(text) ?? [];
  const ref = parseId(number);
  if (ref === null || !(kind in ACTS)) return null;
  return { kind: ACTS[kind as keyof typeof ACTS], username, ref };
}
