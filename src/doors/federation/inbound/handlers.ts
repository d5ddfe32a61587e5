import { receiveAnnounce } from './announce.ts';
import { receiveAccept, receiveReject } from './answer-follow.ts';
import { receiveBlock } from './block.ts';
import { receiveCreate } from './create.ts';
import { receiveDelete } from './delete.ts';
import { receiveAdd, receiveRemove } from './feature.ts';
import { receiveFlag } from './flag.ts';
import { receiveFollow } from './follow.ts';
import type { Handler } from './handler.ts';
import { receiveLike } from './like.ts';
import { receiveMove } from './move.ts';
import { parkActivity } from './park.ts';
import { receiveUndo } from './undo.ts';
import { receiveUpdate } from './update.ts';

/** What every kind of activity means; a kind that is not here is dropped politely. */
export const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['Create', receiveCreate],
  ['Update', receiveUpdate],
  ['Delete', receiveDelete],
  ['Follow', receiveFollow],
  ['Accept', receiveAccept],
  ['Reject', receiveReject],
  ['Undo', receiveUndo],
  ['Like', receiveLike],
  ['EmojiReact', receiveLike],
  ['Announce', receiveAnnounce],
  ['Add', receiveAdd],
  ['Remove', receiveRemove],
  ['Block', receiveBlock],
  ['Flag', receiveFlag],
  ['Move', receiveMove],
  // Pixelfed's stories: they come later.
  ['View', parkActivity],
  ['Story', parkActivity],
  ['Story:Reaction', parkActivity],
  ['Story:Reply', parkActivity],
]);
