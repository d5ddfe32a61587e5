import type { HttpsConfig } from '#base/config/config.ts';
import { AppError } from '#base/core/errors.ts';
import { isPublicName } from './public-name.ts';

/**
 * Throws `invalid` for names that nobody issues certificates for, with what to do instead. An authority
 * of one's own, whose name is no public one either, may issue for them.
 */
export function refuseNames({ names, directories, files }: HttpsConfig): void {
  if (files !== null) return;
  const name = names.find((each) => !isPublicName(each));
  if (name === undefined) return;
  if (directories.some((each) => !isPublicName(new URL(each).hostname))) return;
  throw new AppError(
    'invalid',
    `Nobody issues a certificate for ${name}, because it means something in your own network alone. Either use a domain that exists in DNS; or bring a certificate of your own with --https-files CHAIN,KEY; or name an authority of your own network with --https-directory; or do without https among your own devices: tintype serve --listen 0.0.0.0:8080.`,
  );
}
