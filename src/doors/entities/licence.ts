import { findLicence } from '#domain/posts/licences.ts';
import type { LicenceJson } from './types.ts';

/** A licence as Pixelfed shows it; null when all rights are reserved. */
export function licenceJson(key: string): LicenceJson | null {
  const licence = findLicence(key);
  if (!licence || licence.key === 'all-rights-reserved') return null;
  return { id: licence.pixelfedId, title: licence.title, url: licence.url };
}
