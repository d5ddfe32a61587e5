import { resolve } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import type { Config } from './config.ts';
import type { Environment } from './environment.ts';
import { readFlags, readVariables } from './read-outside.ts';
import { readToml } from './read-toml.ts';
import type { Said } from './said.ts';
import { type ConfigEntry, type ConfigKey, type ConfigValue, configTable } from './table.ts';

/** A setting of the admin pages, as far as pinning it needs to know it. */
export type AdminKey = {
  readonly label: string;
  readonly help: string;
  readonly kind: string;
  readonly choices: readonly { readonly value: string }[];
  readonly fallback: unknown;
  readonly parse: (text: string) => unknown;
};
export type AdminKeys = Readonly<Record<string, AdminKey>>;

/** Where each value comes from, for `config show`; secrets have no text. */
export type ConfigOrigin = { key: string; text: string | null; where: string };

export type LoadedConfig = { config: Config; origins: ConfigOrigin[] };

const IMAGE_IDLE = 30_000;

/**
 * Decides every setting: flags over `TINTYPE_*` variables over `tintype.toml` of the data directory
 * over the defaults; admin settings that one of the three names are pinned. Throws one error with
 * all mistakes in its fields. `flags` are without dashes: `{ 'upload-max-size': '1 GB' }`.
 */
export function loadConfig(input: {
  flags: Readonly<Record<string, string>>;
  env: Environment;
  adminKeys: AdminKeys;
}): LoadedConfig {
  const keys = [...Object.keys(configTable), ...Object.keys(input.adminKeys)];
  const flags = readFlags(input.flags, keys);
  const variables = readVariables(input.env, keys);
  const data = resolve(findData([...flags.said, ...variables.said]));
  const file = readToml(data, keys);
  const mistakes = { ...file.mistakes, ...variables.mistakes, ...flags.mistakes };
  // Later ones win.
  const said = new Map<string, Said>();
  for (const each of [...file.said, ...variables.said, ...flags.said]) said.set(each.key, each);

  const value = <Key extends ConfigKey>(key: Key): ConfigValue<Key> | null => {
    const entry: ConfigEntry<unknown> = configTable[key];
    const found = said.get(key);
    const text = found?.text ?? entry.fallback;
    if (text === null) return null;
    const parsed = entry.parse(text);
    if (parsed === null) {
      const shown = entry.secret ? 'This' : `"${text}"`;
      mistakes[found?.where ?? key] = `${shown} is not right: it must be ${entry.expects}.`;
    }
    return parsed as ConfigValue<Key> | null;
  };
  const config = compose(data, value, pin(input.adminKeys, said, mistakes));
  checkOwner(said, mistakes);
  checkStore(said, mistakes);
  refuseMistakes(mistakes);
  return { config, origins: originsOf(keys, said, input.adminKeys, data) };
}

type Read = <Key extends ConfigKey>(key: Key) => ConfigValue<Key> | null;

function compose(data: string, value: Read, pinned: Record<string, string>): Config {
  const [name, email, password] = [
    value('owner.name'),
    value('owner.email'),
    value('owner.password'),
  ];
  // The defaults of the table are right, so what is null here is a mistake that was noted.
  return {
    data,
    listen: value('listen') ?? { host: '127.0.0.1', port: 0 },
    origin: value('origin'),
    logLevel: value('log_level') ?? 'info',
    trustedProxies: value('trusted_proxies') ?? [],
    allowAddresses: value('federation.allow_addresses') ?? [],
    uploadMaxSize: value('upload.max_size') ?? 0,
    uploadMaxPixels: value('upload.max_pixels') ?? 0,
    uploadMaxFrames: value('upload.max_frames') ?? 0,
    imageMemory: value('image.memory') ?? 0,
    imageDeadline: value('image.deadline') ?? 0,
    imageIdle: IMAGE_IDLE,
    rates: value('rates') !== 'off',
    owner: name !== null && email !== null && password !== null ? { name, email, password } : null,
    ...composeAppliance(value),
    pinned,
  };
}

type Appliance = Pick<Config, 'https' | 's3' | 'mediaBucket' | 'backup' | 'mail' | 'update'>;

function composeAppliance(value: Read): Appliance {
  const [store, secretKey] = [value('s3.url'), value('s3.secret')];
  const nowhere = { host: '127.0.0.1', port: 0 };
  const listen = value('https.listen');
  return {
    https: {
      // Only `tintype serve DOMAIN` says them.
      names: [],
      listen: listen?.https ?? nowhere,
      redirectListen: listen?.http ?? nowhere,
      directories: value('https.directory') ?? [],
      files: value('https.files'),
    },
    s3: store !== null && secretKey !== null ? { ...store, secretKey } : null,
    mediaBucket: value('media.bucket'),
    backup: { to: value('backup.to') ?? [], passphrase: value('backup.passphrase') },
    mail: value('mail.url'),
    update: value('update.from'),
  };
}

function findData(said: Said[]): string {
  const last = (where: (each: Said) => boolean) =>
    said.find((each) => each.key === 'data' && where(each));
  const found = last((each) => each.where.startsWith('--')) ?? last(() => true);
  return found?.text || configTable.data.fallback;
}

function pin(
  adminKeys: AdminKeys,
  said: ReadonlyMap<string, Said>,
  mistakes: Record<string, string>,
): Record<string, string> {
  const pinned: Record<string, string> = {};
  for (const [key, setting] of Object.entries(adminKeys)) {
    const found = said.get(key);
    if (found === undefined) continue;
    pinned[key] = found.text;
    if (setting.parse(found.text) === null) {
      mistakes[found.where] = `"${found.text}" is not right: it must be ${expectation(setting)}.`;
    }
  }
  return pinned;
}

function expectation(setting: AdminKey): string {
  if (setting.choices.length > 0) {
    return `one of ${setting.choices.map((choice) => choice.value).join(', ')}`;
  }
  if (setting.kind === 'switch') return 'true or false';
  return setting.kind === 'bytes' ? 'a size, like 20 GB' : 'a shorter text';
}

function checkOwner(said: ReadonlyMap<string, Said>, mistakes: Record<string, string>): void {
  const parts: ConfigKey[] = ['owner.name', 'owner.email', 'owner.password'];
  const missing = parts.filter((key) => !said.has(key));
  if (missing.length === 0 || missing.length === parts.length) return;
  for (const key of missing) mistakes[key] = 'The owner needs a name, an e-mail and a password.';
}

// Half of it says nothing, and whoever wrote it believes that it does.
function checkStore(said: ReadonlyMap<string, Said>, mistakes: Record<string, string>): void {
  const [url, secret] = [said.has('s3.url'), said.has('s3.secret')];
  if (url && !secret) mistakes['s3.secret'] = 'A store needs the secret of its access key.';
  if (secret && !url) mistakes['s3.url'] = 'The secret of a store needs its address.';
  if (url) return;
  const needs = 'A bucket needs a store: s3.url and s3.secret.';
  if (said.has('media.bucket')) mistakes['media.bucket'] = needs;
  if (/(^|,)\s*s3:/.test(said.get('backup.to')?.text ?? '')) mistakes['backup.to'] = needs;
}

function refuseMistakes(mistakes: Record<string, string>): void {
  const count = Object.keys(mistakes).length;
  if (count === 0) return;
  throw new AppError(
    'invalid',
    count === 1 ? 'One setting is wrong:' : `${count} settings are wrong:`,
    { fields: mistakes },
  );
}

function originsOf(
  keys: readonly string[],
  said: ReadonlyMap<string, Said>,
  adminKeys: AdminKeys,
  data: string,
): ConfigOrigin[] {
  const table: Readonly<Record<string, ConfigEntry<unknown>>> = configTable;
  return keys.map((key) => {
    const entry = table[key];
    const found = said.get(key);
    const fallback = entry === undefined ? String(adminKeys[key]?.fallback ?? '') : entry.fallback;
    const text = key === 'data' ? data : (found?.text ?? fallback);
    return { key, text: entry?.secret ? null : text, where: found?.where ?? 'default' };
  });
}
