import type { Config } from '#base/config/config.ts';
import { environment } from '#base/config/environment.ts';
import { type LoadedConfig, loadConfig } from '#base/config/load.ts';
import { adminSettings } from '#domain/settings.ts';

/** Reads all settings of this process: flags, variables and the file. Throws one error with all mistakes. */
export function loadSettings(flags: Record<string, string>): LoadedConfig {
  // Whatever is made from here on is for the user of this process alone.
  process.umask(0o077);
  return loadConfig({ flags, env: environment(), adminKeys: adminSettings });
}

/** The settings alone. */
export function readConfig(flags: Record<string, string>): Config {
  return loadSettings(flags).config;
}
