import type { Visibility } from '#domain/posts/visibility.ts';
import type { StatusJson } from './types.ts';

/** Our visibility in the four words that apps know. */
export function apiVisibility(visibility: Visibility): StatusJson['visibility'] {
  if (visibility === 'followers') return 'private';
  return visibility === 'self' ? 'direct' : visibility;
}
