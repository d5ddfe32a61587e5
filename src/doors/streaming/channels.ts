import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import type { FilterContext } from '#domain/filters/queries.ts';
import { foldTag } from '#domain/posts/caption.ts';
import { ownsList } from './stream-queries.ts';

/** What is listened to: one stream of client-api.md §4. */
export type Channel = {
  /** The same for all who hear the same; of an account's own streams with its id. */
  key: string;
  name: string;
  /** What stands in `stream` of a frame: the name, and the tag or list as it was asked for. */
  label: readonly string[];
  filterContext: FilterContext;
  /** Which posts of everybody; null for a stream of the account. */
  open: OpenFilter | null;
  listId: number | null;
};

/** Which of the posts that everybody may see. */
export type OpenFilter = { tag?: string; local?: boolean; remote?: boolean; onlyMedia?: boolean };

const OPEN: Readonly<Record<string, OpenFilter>> = {
  public: {},
  'public:media': { onlyMedia: true },
  'public:local': { local: true },
  'public:local:media': { local: true, onlyMedia: true },
  'public:remote': { remote: true },
  'public:remote:media': { remote: true, onlyMedia: true },
  hashtag: {},
  'hashtag:local': { local: true },
};
const OWN = new Set(['user', 'user:notification', 'direct']);
const LONGEST_TAG = 200;

/** What a client says about the stream it wants. */
export type Wish = { stream?: unknown; tag?: unknown; list?: unknown };

/** The stream that somebody asks for. Throws `bad_request` for one that there is not, `not_found` for somebody else's list. */
export function findChannel(ctx: Pick<Context, 'db'>, viewerId: number, wish: Wish): Channel {
  const name = typeof wish.stream === 'string' ? wish.stream : '';
  if (name === 'list') return listChannel(ctx, viewerId, wish.list);
  if (OWN.has(name)) {
    const filterContext = name === 'user:notification' ? 'notifications' : 'home';
    const key = `${name} ${viewerId}`;
    return { key, name, label: [name], filterContext, open: null, listId: null };
  }
  const open = Object.hasOwn(OPEN, name) ? OPEN[name] : undefined;
  if (open === undefined) throw new AppError('bad_request', 'Unknown stream type');
  const common = { name, filterContext: 'public', listId: null } as const;
  if (!name.startsWith('hashtag')) return { ...common, key: name, label: [name], open };
  const said = typeof wish.tag === 'string' ? wish.tag.slice(0, LONGEST_TAG) : '';
  const tag = foldTag(said.replace(/^#/, ''));
  if (tag === '') throw new AppError('bad_request', 'Missing tag name parameter');
  return { ...common, key: `${name} ${tag}`, label: [name, said], open: { ...open, tag } };
}

function listChannel(ctx: Pick<Context, 'db'>, viewerId: number, list: unknown): Channel {
  const said = typeof list === 'string' || typeof list === 'number' ? String(list) : '';
  if (said === '') throw new AppError('bad_request', 'Missing list name parameter');
  const listId = parseId(said);
  if (listId === null || !ownsList(ctx.db, viewerId, listId)) {
    throw new AppError('not_found', 'Record not found');
  }
  const key = `list ${listId}`;
  return { key, name: 'list', label: ['list', said], filterContext: 'home', open: null, listId };
}

/** The scope that a token needs for a stream; either of two for `user`, which carries both. */
export function scopesFor(name: string): readonly string[] {
  if (name === 'user') return ['read:statuses', 'read:notifications'];
  return name === 'user:notification' ? ['read:notifications'] : ['read:statuses'];
}
