import type { LicenceKey } from './licences.ts';
import type { Visibility } from './visibility.ts';

/** A photo of a post of another server; it stays there until somebody looks. */
export type RemotePhoto = {
  url: string;
  mime: string;
  /** Pixels; 0: nobody said. */
  width: number;
  height: number;
  /** Empty: none. */
  blurhash: string;
  description: string;
  focusX: number;
  focusY: number;
};

/**
 * A post of another server as its document says it: strings are within their limits, HTML is clean
 * (`sanitiseHtml`), times are milliseconds since 1970.
 */
export type RemotePost = {
  /** The object's id, of the same origin as its author's. */
  uri: string;
  url: string | null;
  accountId: number;
  visibility: Visibility;
  captionHtml: string;
  /** The words of `captionHtml`. */
  caption: string;
  spoiler: string;
  sensitive: boolean;
  language: string | null;
  licence: LicenceKey | null;
  place: string;
  publishedAt: number;
  updatedAt: number | null;
  inReplyToUri: string | null;
  photos: RemotePhoto[];
  /** As written, without #. */
  tags: string[];
  /** Accounts that are known here. */
  mentionedIds: number[];
  /** What its author lets nobody else do. */
  commentsDisabled: boolean;
  likesDisabled: boolean;
  sharesDisabled: boolean;
  repliesUrl: string | null;
};
