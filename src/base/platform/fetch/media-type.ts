/**
 * Whether a Content-Type is one of those wanted: the type exactly, without regard to case; its
 * parameters do not count, unless the wanted one has a `profile`, which must then be among those of
 * the answer (RFC 6906). A missing or doubled header fits nothing.
 */
export function isWantedType(header: string | null, wanted: readonly string[]): boolean {
  const type = parseMediaType(header ?? '');
  if (type === null) return false;
  return wanted.some((text) => {
    const want = parseMediaType(text);
    if (want === null || want.essence !== type.essence) return false;
    return want.profiles.every((profile) => type.profiles.includes(profile));
  });
}

type MediaType = { essence: string; profiles: string[] };

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const TYPE = new RegExp(`^${TOKEN}/${TOKEN}$`);
const PARAMETER = new RegExp(`^\\s*;\\s*(${TOKEN})=("(?:[^"\\\\]|\\\\.)*"|${TOKEN})`);

function parseMediaType(text: string): MediaType | null {
  if (text.length > 1000) return null;
  const end = text.indexOf(';');
  const essence = (end < 0 ? text : text.slice(0, end)).trim().toLowerCase();
  if (!TYPE.test(essence)) return null;
  const profiles: string[] = [];
  let rest = end < 0 ? '' : text.slice(end);
  while (!/^[\s;]*$/.test(rest)) {
    const [whole, name = '', value = ''] = PARAMETER.exec(rest) ?? [];
    if (whole === undefined) return null;
    const plain = value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
    if (name.toLowerCase() === 'profile') profiles.push(...plain.split(/\s+/));
    rest = rest.slice(whole.length);
  }
  return { essence, profiles };
}
