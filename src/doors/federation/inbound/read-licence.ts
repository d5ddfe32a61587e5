import type { JsonObject } from '#base/core/json.ts';
import { type LicenceKey, licences } from '#domain/posts/licences.ts';
import { isObject, listOf, textOf } from './values.ts';

/** What a post or its first photo allows, by the address of the licence; null for one that is unknown here. */
export function readLicence(document: JsonObject): LicenceKey | null {
  const [photo] = listOf(document.attachment);
  for (const each of isObject(photo) ? [document, photo] : [document]) {
    const address = textOf(each.license);
    if (address === null || address.length > 300) continue;
    const known = licences.find(({ url }) => url !== '' && bare(url) === bare(address));
    if (known) return known.key;
  }
  return null;
}

function bare(address: string): string {
  return address
    .toLowerCase()
    .replace(/^https?:\/\/(www\.)?/, '')
    .replace(/(deed|legalcode)(\.[a-z-]+)?$/, '')
    .replace(/\/$/, '');
}
