import { isIP } from 'node:net';

/**
 * What Pixelfed refuses, as a list of complaints about one activity: its validators for incoming
 * objects, written down anew (constraints F1 to F13 of its behaviour towards other servers).
 */
export function pixelfedProblems(activity: unknown): string[] {
  const problems: string[] = [];
  const say = (text: string) => problems.push(text);
  if (depthOf(activity) > 8) say('F6: nested deeper than 8');
  if (!isObject(activity)) return [...problems, 'no object'];
  const host = hostOf(activity.id);
  if (activity['@context'] === undefined) say('@context is required');
  if (typeof activity.type !== 'string') say('type is required');
  if (host === null) say('F4: the id is no public https address');
  if (typeof activity.actor !== 'string' || hostOf(activity.actor) !== host) {
    say('F4: the actor is no string on the host of the id');
  }
  for (const list of ['to', 'cc'] as const) {
    if (activity[list] !== undefined && !isStrings(activity[list])) say(`${list} is no list`);
  }
  const { object } = activity;
  if (activity.type === 'Create' || activity.type === 'Update') {
    if (activity.type === 'Create' && typeof activity.published !== 'string') {
      say('published is required');
    }
    if (!isObject(object)) say('the object is not embedded');
    else if (object.type === 'Person' || object.type === 'Service') {
      problems.push(...personProblems(object, host, activity.actor));
    } else problems.push(...noteProblems(object, host, activity.actor));
  }
  if (activity.type === 'Like' || activity.type === 'Announce') {
    if (typeof object !== 'string') say('the object of a Like or Announce must be a string');
  }
  if (activity.type === 'Undo') problems.push(...undoProblems(object, activity.actor));
  if (activity.type === 'Accept' || activity.type === 'Reject') {
    problems.push(...answerProblems(object, activity.actor));
  }
  if (activity.type === 'Delete') {
    const known =
      isObject(object) && ['Person', 'Tombstone', 'Story'].includes(String(object.type));
    if (!known || hostOf(object.id) !== host) say('a Delete needs an object with a known type');
  }
  return problems;
}

const MEDIA_TYPES = ['image/jpeg', 'image/png', 'image/gif'];

function noteProblems(note: Json, host: string | null, actor: unknown): string[] {
  const problems: string[] = [];
  if (note.type !== 'Note') problems.push('the object is no Note');
  if (hostOf(note.id) !== host) problems.push('F4: the object lives on another host');
  if (hostOf(note.url) !== host) problems.push('F4: the page lives on another host');
  if (note.attributedTo !== actor) problems.push('attributedTo is not the actor');
  if (typeof note.content !== 'string') problems.push('content is required');
  if (typeof note.published !== 'string' || !/^[0-9-]{10}T[0-9:]{8}Z$/.test(note.published)) {
    problems.push('published is no date with seconds and Z');
  }
  if (note.summary !== null && (typeof note.summary !== 'string' || note.sensitive !== true)) {
    problems.push('a warning counts only beside sensitive');
  }
  if (typeof note.sensitive !== 'boolean') problems.push('sensitive is no boolean');
  if (note.inReplyTo !== null && typeof note.inReplyTo !== 'string') {
    problems.push('F12: inReplyTo is no string');
  }
  if (!isStrings(note.to) || !isStrings(note.cc)) problems.push('to and cc must be lists');
  if (!Array.isArray(note.tag)) problems.push('tag must be a list');
  if (!Array.isArray(note.attachment)) return [...problems, 'F2: attachment must be a list'];
  for (const each of note.attachment) problems.push(...attachmentProblems(each, host));
  return problems;
}

function attachmentProblems(attachment: unknown, host: string | null): string[] {
  if (!isObject(attachment)) return ['F2: an attachment is no object'];
  const problems: string[] = [];
  const { type, mediaType, url, name, blurhash } = attachment;
  if (!MEDIA_TYPES.includes(String(mediaType))) problems.push(`F1: ${String(mediaType)}`);
  if (type !== 'Image' && type !== 'Document') problems.push(`F3: ${String(type)}`);
  if (hostOf(url) !== host) problems.push('F4: a photo without a public https address');
  if (name !== null && typeof name !== 'string') problems.push('F2: name');
  for (const side of ['width', 'height'] as const) {
    const pixels = attachment[side];
    const fits = Number.isInteger(pixels) && Number(pixels) >= 1 && Number(pixels) <= 5000;
    if (pixels !== undefined && !fits) problems.push(`F2: ${side} ${String(pixels)}`);
  }
  const { length } = String(blurhash);
  if (blurhash !== undefined && (length < 6 || length > 164)) problems.push('F2: blurhash');
  return problems;
}

function personProblems(person: Json, host: string | null, actor: unknown): string[] {
  const problems: string[] = [];
  if (person.id !== actor) problems.push('F8: the object is not the actor');
  for (const field of ['inbox', 'outbox', 'following', 'followers', 'url'] as const) {
    if (hostOf(person[field]) !== host) problems.push(`F8: ${field}`);
  }
  for (const field of ['summary', 'preferredUsername', 'name'] as const) {
    if (typeof person[field] !== 'string') problems.push(`F8: ${field}`);
  }
  if (!/^[A-Za-z0-9_.-]+$/.test(String(person.preferredUsername))) problems.push('F4: name');
  if (typeof person.manuallyApprovesFollowers !== 'boolean') problems.push('F8: approval');
  const key = person.publicKey;
  if (!isObject(key)) problems.push('F8: publicKey');
  else {
    if (hostOf(key.id) !== host || key.owner !== actor) problems.push('F8: key of another');
    if (!String(key.publicKeyPem).startsWith('-----BEGIN PUBLIC KEY-----'))
      problems.push('F8: pem');
  }
  if (person.icon !== undefined) {
    const icon = isObject(person.icon) ? person.icon : {};
    if (!['image/jpeg', 'image/png', 'image/jpg'].includes(String(icon.mediaType))) {
      problems.push('F8: icon');
    }
    if (hostOf(icon.url) !== host) problems.push('F8: icon address');
  }
  if (!isStrings(person.alsoKnownAs)) problems.push('F13: alsoKnownAs must be a list');
  return problems;
}

/** F9, and the validator of UndoFollow. */
function undoProblems(object: unknown, actor: unknown): string[] {
  if (!isObject(object) || typeof object.type !== 'string') return ['F9: the object has no type'];
  const whole = typeof object.id === 'string' && object.actor === actor;
  return whole && typeof object.object === 'string' ? [] : ['F9: the object is not whole'];
}

function answerProblems(object: unknown, actor: unknown): string[] {
  if (!isObject(object) || object.type !== 'Follow') return ['the Follow is not embedded'];
  const whole = hostOf(object.id) !== null && hostOf(object.actor) !== null;
  return whole && object.object === actor ? [] : ['the Follow is not of the actor'];
}

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** Levels of lists and objects, as PHP counts them. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function hostOf(value: unknown): string | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null;
  const { protocol, hostname, host } = new URL(value);
  return protocol === 'https:' && isIP(hostname) === 0 && hostname !== 'localhost' ? host : null;
}
