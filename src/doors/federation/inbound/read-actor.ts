import type { JsonObject } from '#base/core/json.ts';
import { sanitiseHtml } from '#base/core/sanitise-html.ts';
import { cleanLine } from '#domain/accounts/profile-text.ts';
import type { RemoteAccount } from '#domain/accounts/remote-types.ts';
import {
  hostOf,
  idOf,
  idsIn,
  isObject,
  linkOf,
  listOf,
  objectOf,
  sameOrigin,
  sameSite,
  textOf,
  timeOf,
  typesOf,
} from './values.ts';

const TYPES = ['Person', 'Service', 'Group', 'Application', 'Organization'] as const;
/** Dots and hyphens in the middle (federation.md §2.2); nothing that could pass for another name (T53). */
const USERNAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?$/;
const MOST = { name: 100, bio: 20_000, fields: 10, fieldName: 100, fieldValue: 2000, aliases: 20 };

/**
 * Reads an actor document in any shape (federation.md §2.2, §2.4): the account, or in a sentence why
 * it is none. Whoever hands it in has made sure that it came from the origin of its id. `domain` is
 * the host of the id; a WebFinger answer may know better.
 */
export function readActor(document: JsonObject): RemoteAccount | { problem: string } {
  const uri = idOf(document);
  if (uri === null) return { problem: 'The actor has no id.' };
  const type = TYPES.find((each) => typesOf(document).includes(each));
  if (type === undefined) return { problem: 'It is no actor.' };
  const username = textOf(document.preferredUsername) ?? '';
  if (!USERNAME.test(username)) return { problem: 'The actor has no username that can be used.' };
  const own = (value: JsonObject[string] | undefined): string | null => {
    const address = idsIn(value)[0] ?? null;
    return address !== null && sameOrigin(address, uri) ? address : null;
  };
  const inboxUrl = own(document.inbox);
  if (inboxUrl === null) return { problem: 'The actor has no inbox on its own server.' };
  const url = linkOf(document.url, (mediaType) => mediaType === 'text/html');
  return {
    uri,
    username,
    domain: hostOf(uri),
    type,
    displayName: cut(cleanLine(textOf(document.name) ?? ''), MOST.name),
    bioHtml: sanitiseHtml((textOf(document.summary) ?? '').slice(0, MOST.bio)),
    fields: readFields(document),
    url: url !== null && sameSite(url, uri) ? url : null,
    inboxUrl,
    sharedInboxUrl: own(objectOf(document.endpoints)?.sharedInbox ?? document.sharedInbox),
    outboxUrl: own(document.outbox),
    followersUrl: own(document.followers),
    followingUrl: own(document.following),
    featuredUrl: own(document.featured),
    avatarUrl: readPicture(document.icon),
    headerUrl: readPicture(document.image),
    locked: document.manuallyApprovesFollowers === true,
    discoverable: document.discoverable === true,
    indexable: document.indexable === true,
    hideCollections: false,
    alsoKnownAs: [...new Set(idsIn(document.alsoKnownAs))].slice(0, MOST.aliases),
    movedToUri: idsIn(document.movedTo)[0] ?? null,
    key: readKey(document, uri),
    createdAt: timeOf(document.published),
  };
}

/** The first RSA key that says it belongs to this actor and lives on its origin. */
function readKey(document: JsonObject, uri: string): RemoteAccount['key'] {
  for (const each of listOf(document.publicKey)) {
    if (!isObject(each)) continue;
    const [id, owner, pem] = [idOf(each), idsIn(each.owner)[0], textOf(each.publicKeyPem)];
    if (id === null || pem === null || owner !== uri || !sameOrigin(id, uri)) continue;
    const text = pem.trim();
    if (text.length < 8000 && /^-----BEGIN (RSA )?PUBLIC KEY-----/.test(text)) {
      return { id, pem: text };
    }
  }
  return null;
}

function readPicture(value: JsonObject[string] | undefined): string | null {
  const [first] = listOf(value);
  if (first === undefined) return null;
  return isObject(first) ? linkOf(first.url ?? first.href) : linkOf(first);
}

function readFields(document: JsonObject): RemoteAccount['fields'] {
  return listOf(document.attachment)
    .filter(isObject)
    .filter((each) => typesOf(each).some((type) => type.endsWith('PropertyValue')))
    .slice(0, MOST.fields)
    .map((each) => ({
      name: cut(cleanLine(textOf(each.name) ?? ''), MOST.fieldName),
      value: sanitiseHtml((textOf(each.value) ?? '').slice(0, MOST.fieldValue)),
    }))
    .filter(({ name, value }) => name !== '' && value !== '');
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : [...text].slice(0, most).join('');
}
