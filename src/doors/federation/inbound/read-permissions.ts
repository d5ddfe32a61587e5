import type { JsonObject, JsonValue } from '#base/core/json.ts';
import { addressesIn, listOf, objectOf } from './values.ts';

/** What the author of a post elsewhere lets nobody but themselves do. */
export type RemotePermissions = {
  likesDisabled: boolean;
  sharesDisabled: boolean;
  commentsDisabled: boolean;
};

/**
 * Reads what others may do with a post: GoToSocial's `interactionPolicy` (both spellings), Pixelfed's
 * `capabilities` and `commentsEnabled`. What is left unsaid is allowed: Mastodon speaks of quotes
 * alone. Whoever allows some, or wants to be asked, is left to decide when it comes.
 */
export function readPermissions(
  document: JsonObject,
  authors: readonly string[],
  mentionsSomebody: boolean,
): RemotePermissions {
  const policy = objectOf(document.interactionPolicy);
  const capabilities = objectOf(document.capabilities);
  const forbids = (rule: string, capability: string) =>
    forbidsOthers(objectOf(policy?.[rule]), authors) || lacks(capabilities, capability);
  return {
    likesDisabled: forbids('canLike', 'like'),
    sharesDisabled: forbids('canAnnounce', 'announce'),
    commentsDisabled:
      document.commentsEnabled === false ||
      // Who is mentioned may answer whatever the policy says, and whether that is one of us is not known yet.
      (!mentionsSomebody && forbids('canReply', 'reply')),
  };
}

/** True for a rule that names nobody, or the author alone. */
function forbidsOthers(rule: JsonObject | null, authors: readonly string[]): boolean {
  if (rule === null) return false;
  const { automaticApproval, manualApproval, always, approvalRequired } = rule;
  const lists = [automaticApproval, manualApproval, always, approvalRequired];
  return lists.flatMap((list) => addressesIn(list)).every((who) => authors.includes(who));
}

/** Pixelfed writes null, an empty list or the text "[]" for nobody; a key that is missing says nothing. */
function lacks(capabilities: JsonObject | null, key: string): boolean {
  const value: JsonValue | undefined = capabilities?.[key];
  if (value === undefined) return false;
  return value === '[]' || value === '' || listOf(value).every((each) => each === null);
}
