import type { Config } from '#base/config/config.ts';

/** The address that everybody reaches this server by, without a slash at the end. */
export function originOf(config: Config): string {
  const { port } = config.listen;
  return config.origin ?? `http://localhost${port === 80 ? '' : `:${port}`}`;
}
