import type { AccountJson, StatusJson } from '#doors/entities/types.ts';
import { isCovered } from './covered.ts';

/** Page of an account, as a path of this server. */
export const profilePath = (account: AccountJson) =>
  `/@${encodeURIComponent(account.acct).replace('%40', '@')}`;

/** The server that somebody lives on, if it is another one. */
export const hostOf = (account: AccountJson): string | null => {
  const at = account.acct.indexOf('@');
  return at === -1 ? null : account.acct.slice(at + 1);
};

/** Page of a post, as a path of this server. */
export const postPath = (post: StatusJson) => `${profilePath(post.account)}/${post.id}`;

/** Page that shows one photo of a post over the whole window; the first is 1. */
export const photoPath = (post: StatusJson, index: number) => `${postPath(post)}/photo/${index}`;

/** The same for somebody who has seen the content warning of the post, if it has one. */
export const shownPhotoPath = (post: StatusJson, index: number) =>
  isCovered(post) ? `${photoPath(post, index)}?shown` : photoPath(post, index);

/** An address that somebody typed, if it leads to the web; anything else (`javascript:`) is null. */
export function webAddress(text: string): string | null {
  return /^https?:\/\/[^\s]+$/i.test(text) ? text : null;
}

/** Signs that turn the direction of what stands around them, invisible themselves (T53). */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Name to call somebody by; it cannot turn the line around it. */
export const displayName = (account: AccountJson) => {
  const name = account.display_name.replace(turning, '').trim();
  return name === '' ? account.username : name;
};
