import type { StatusJson } from '#doors/entities/types.ts';

/** Whether the photos of a post stay behind a warning until somebody asks to see them. */
export function isCovered(post: Pick<StatusJson, 'sensitive' | 'spoiler_text'>): boolean {
  return post.sensitive || post.spoiler_text !== '';
}
