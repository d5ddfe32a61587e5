import type { Config } from '#base/config/config.ts';
import { parseOrigin } from '#base/config/parse-origin.ts';
import { readArguments } from './read-arguments.ts';
import { readConfig } from './settings.ts';
import { UsageError } from './usage-error.ts';

// The address itself and others that lead to it, like www.
const MOST_NAMES = 10;

/**
 * What the arguments of `serve` come to. DOMAIN means https by this program itself, unless `--listen`
 * says where plain http is wanted: that is for a proxy in front. Throws `UsageError`.
 */
export function readServeConfig(argv: string[]): Config {
  const { flags, names } = readArguments(argv, { settings: 'all', most: MOST_NAMES });
  return configFor(names, flags);
}

function configFor(names: readonly string[], flags: Record<string, string>): Config {
  if (names.length === 0) return readConfig(flags);
  const [origin = '', ...others] = names.map((name) => {
    const parsed = parseOrigin(`https://${name}`);
    if (parsed === null) throw new UsageError(`"${name}" is no domain like photos.example.org`);
    return parsed;
  });
  if (flags.origin !== undefined) throw new UsageError('It is either DOMAIN or --origin');
  const config = readConfig({ ...flags, origin });
  if (flags.listen !== undefined) {
    if (others.length > 0) throw new UsageError('Behind a proxy there is one DOMAIN');
    return config;
  }
  const all = [origin, ...others].map((each) => new URL(each).hostname);
  return { ...config, https: { ...config.https, names: [...new Set(all)] } };
}
