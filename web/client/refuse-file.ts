import type { ComposeLimits } from '#doors/entities/page-types.ts';
import { composing as words } from '#web/text/composing.ts';
import { bytesText } from './bytes.ts';

const photoName = /\.(jpe?g|png|webp|avif|gif|hei[cf])$/i;

/**
 * The sentence for a file that cannot be taken, or null. Only spares people a pointless upload: the
 * server looks at the bytes and decides.
 */
export function refuseFile(
  file: { name: string; type: string; size: number },
  limits: Pick<ComposeLimits, 'maxFileBytes' | 'accept'>,
): string | null {
  if (file.size > limits.maxFileBytes) return words.tooBig(bytesText(limits.maxFileBytes));
  const known = file.type !== '' && limits.accept.split(',').includes(file.type);
  // Some systems give HEIC no type at all.
  return known || photoName.test(file.name) ? null : words.notPhoto;
}
