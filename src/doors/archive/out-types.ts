import type { Context } from '#base/context.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { ViewerParams } from '#domain/posts/reading.ts';
import type { Archive } from './format.ts';
import type { Scratch } from './out-scratch.ts';

/** What everything that writes a part of an archive gets. */
export type Out = {
  readonly ctx: Context;
  readonly account: AccountRow;
  /** The person looks with their own eyes. */
  readonly viewer: ViewerParams;
  readonly scratch: Scratch;
  /** Whether all renditions go in, and not only those that are needed. */
  readonly renditions: boolean;
  readonly counts: Archive['counts'];
  readonly problems: Archive['problems'];
  /** Files of photos on the list. */
  readonly files: { total: number };
};

/** A file of the media folder that goes in; `held`: its bytes are kept under that name. */
export type MediaWork = {
  entry: string;
  blob: string;
  held: string | null;
  sha256: string;
  modifiedAt: number;
};

/** A small text that lies beside a photo. */
export type TextWork = { entry: string; text: string; modifiedAt: number };

/** Name of the list of `MediaWork` and `TextWork` in the scratch folder; no entry. */
export const MEDIA_WORK = ' media';
