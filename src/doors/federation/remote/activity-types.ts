const PROFILE = 'https://www.w3.org/ns/activitystreams';

/** What a document may come as (T31): a file that somebody uploaded there never has one of these types. */
export const ACTIVITY_TYPES: readonly string[] = [
  'application/activity+json',
  `application/ld+json; profile="${PROFILE}"`,
];

/** What we ask for; one text, since it is signed. */
export const ACTIVITY_ACCEPT = ACTIVITY_TYPES.join(', ');

/** True for the media type of an ActivityPub document: nothing but those two, parameters read properly. */
export function isActivityType(header: string | null): boolean {
  if (header === null) return false;
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim());
  const name = type.toLowerCase();
  if (name === 'application/activity+json') return true;
  if (name !== 'application/ld+json') return false;
  return parameters.some((parameter) => {
    const [key = '', value = ''] = parameter.split(/=(.*)/s);
    if (key.trim().toLowerCase() !== 'profile') return false;
    // A list of profiles is allowed (RFC 6906 §3.1).
    return value.trim().replace(/^"|"$/g, '').split(/\s+/).includes(PROFILE);
  });
}
