import { expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '#base/config/load.ts';
import { configTable } from '#base/config/table.ts';
import { AppError } from '#base/core/errors.ts';
import { adminSettings } from '#domain/settings.ts';
import { tempDir } from '#test/harness/temp-dir.ts';

const root = tempDir();
let folders = 0;

async function load(input: {
  flags?: Record<string, string>;
  env?: Record<string, string>;
  toml?: string;
}) {
  folders += 1;
  const data = join(root, String(folders));
  if (input.toml !== undefined) {
    await Bun.write(join(data, 'tintype.toml'), input.toml);
  }
  return loadConfig({
    flags: { data, ...input.flags },
    env: input.env ?? {},
    adminKeys: adminSettings,
  });
}

async function mistakesOf(input: Parameters<typeof load>[0]): Promise<Record<string, string>> {
  const error = await load(input).catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw new Error('It was accepted.');
  return error.fields;
}

test('without a word the defaults of the table hold', async () => {
  const { config } = await load({});
  expect(config.listen).toEqual({ host: '127.0.0.1', port: 8080 });
  expect(config.origin).toBeNull();
  expect(config.uploadMaxSize).toBe(100_000_000);
  expect(config.uploadMaxFrames).toBe(600);
  expect(config.rates).toBe(true);
  expect(config.pinned).toEqual({});
});

test('a flag wins over a variable, a variable over the file, the file over the default', async () => {
  const toml = 'listen = "127.0.0.1:1"\norigin = "https://file.example"\nlog_level = "debug"\n';
  const env = {
    TINTYPE_LISTEN: '127.0.0.1:2',
    TINTYPE_ORIGIN: 'https://variable.example/',
  };
  const { config, origins } = await load({ toml, env, flags: { listen: '127.0.0.1:3' } });
  expect(config.listen.port).toBe(3);
  expect(config.origin).toBe('https://variable.example');
  expect(config.logLevel).toBe('debug');
  const from = new Map(origins.map(({ key, where }) => [key, where]));
  expect(from.get('listen')).toBe('--listen');
  expect(from.get('origin')).toBe('TINTYPE_ORIGIN');
  expect(from.get('log_level')).toBe('tintype.toml: log_level');
  expect(from.get('image.memory')).toBe('default');
});

test('an admin setting that is named outside is pinned', async () => {
  const { config } = await load({
    flags: { mode: 'family' },
    env: { TINTYPE_QUOTA_ACCOUNT: '5 GB' },
    toml: '[posts]\nrequire_alt_text = true\n[instance]\nname = "Ours"\n',
  });
  expect(config.pinned).toEqual({
    mode: 'family',
    'quota.account': '5 GB',
    'posts.require_alt_text': 'true',
    'instance.name': 'Ours',
  });
});

test('tables, dotted keys and lists of the file mean the same as texts', async () => {
  const { config } = await load({
    toml: 'trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]\n"upload.max_frames" = 7\n[upload]\nmax_size = "2 MB"\n',
  });
  expect(config.trustedProxies).toEqual(['127.0.0.1', '10.0.0.0/8']);
  expect(config.uploadMaxFrames).toBe(7);
  expect(config.uploadMaxSize).toBe(2_000_000);
});

test('all mistakes are told at once, each with where it was made', async () => {
  const mistakes = await mistakesOf({
    flags: { listen: 'nowhere', mode: 'famly', lisen: '1' },
    env: { TINTYPE_IMAGE_MEMORY: 'lots', TINTYPE_UPLOAD_MAXSIZE: '1 MB' },
    toml: 'data = "/elsewhere"\ntrusted_proxies = ["proxy"]\n[upload]\nmax_pixles = 5\n',
  });
  expect(Object.keys(mistakes).sort()).toEqual([
    '--lisen',
    '--listen',
    '--mode',
    'TINTYPE_IMAGE_MEMORY',
    'TINTYPE_UPLOAD_MAXSIZE',
    'tintype.toml: data',
    'tintype.toml: trusted_proxies',
    'tintype.toml: upload.max_pixles',
  ]);
  expect(mistakes['--lisen']).toContain('Did you mean --listen?');
  expect(mistakes.TINTYPE_UPLOAD_MAXSIZE).toContain('Did you mean TINTYPE_UPLOAD_MAX_SIZE?');
  expect(mistakes['tintype.toml: upload.max_pixles']).toContain('Did you mean upload.max_pixels?');
  expect(mistakes['--mode']).toContain('solo, family, community');
});

test('a file that is no TOML is one mistake and not a crash', async () => {
  expect(Object.keys(await mistakesOf({ toml: 'listen = [' }))).toEqual(['tintype.toml']);
});

test('a secret is taken from the file that a variable names, and is never shown', async () => {
  const path = join(root, 'password');
  writeFileSync(path, 'correct horse battery\n');
  const { config, origins } = await load({
    env: {
      TINTYPE_OWNER_NAME: 'ada',
      TINTYPE_OWNER_EMAIL: 'ada@example.org',
      TINTYPE_OWNER_PASSWORD_FILE: path,
    },
  });
  expect(config.owner?.password).toBe('correct horse battery');
  expect(JSON.stringify(origins)).not.toContain('correct horse');
});

test('a secret has no flag and is not repeated in a mistake', async () => {
  expect(await mistakesOf({ flags: { 'owner-password': 'correct horse battery' } })).toHaveProperty(
    '--owner-password',
  );
  const mistakes = await mistakesOf({
    env: {
      TINTYPE_OWNER_NAME: 'ada',
      TINTYPE_OWNER_EMAIL: 'ada@example.org',
      TINTYPE_OWNER_PASSWORD: 'tiny',
    },
  });
  expect(JSON.stringify(mistakes)).not.toContain('tiny');
});

test('half an owner is a mistake', async () => {
  const mistakes = await mistakesOf({ env: { TINTYPE_OWNER_NAME: 'ada' } });
  expect(Object.keys(mistakes)).toEqual(['owner.email', 'owner.password']);
});

test('an empty variable of another program is no concern of ours', async () => {
  const { config } = await load({ env: { HOME: '', TINTY: 'x' } });
  expect(config.origin).toBeNull();
});

test('nobody needs more than 25 settings before the start, nor more on the admin pages', () => {
  expect(Object.keys(configTable).length).toBeLessThanOrEqual(25);
  expect(Object.keys(adminSettings).length).toBeLessThanOrEqual(25);
});

test('half a store is a mistake, and so is a bucket without one', () => {
  const env = {};
  const load = (flags: Record<string, string>) =>
    loadConfig({ flags: { data: '/tmp/nowhere', ...flags }, env, adminKeys: {} }).config;
  expect(() => load({ 's3-url': 'https://key@store.example' })).toThrow('One setting is wrong:');
  expect(() => load({ 'media-bucket': 'photos' })).toThrow('One setting is wrong:');
  expect(() => load({ 'backup-to': '/mnt/disk, s3:safe' })).toThrow('One setting is wrong:');
  expect(load({ 'backup-to': '/mnt/disk' }).backup.to).toEqual([
    { kind: 'directory', path: '/mnt/disk' },
  ]);
});

test('what the appliance needs of the outside is read in one piece each', () => {
  const { config } = loadConfig({
    flags: { data: '/tmp/nowhere', 's3-url': 'http://key@127.0.0.1:9000?region=here' },
    env: {
      TINTYPE_S3_SECRET: 'hush',
      TINTYPE_BACKUP_TO: 's3:safe/photos/',
      TINTYPE_MAIL_URL: 'smtp://u:p@mail.example:587?from=photos@example.org',
      TINTYPE_HTTPS_LISTEN: '127.0.0.1:8443, 127.0.0.1:8080',
      TINTYPE_HTTPS_FILES: '/a/chain.pem, /a/key.pem',
      TINTYPE_UPDATE_FROM: 'https://example.org/releases.json KEY',
    },
    adminKeys: {},
  });
  expect(config.s3).toEqual({
    endpoint: 'http://127.0.0.1:9000',
    region: 'here',
    accessKey: 'key',
    secretKey: 'hush',
  });
  expect(config.backup.to).toEqual([{ kind: 'bucket', bucket: 'safe', folder: 'photos' }]);
  expect(config.mail).toEqual({ url: 'smtp://u:p@mail.example:587/', from: 'photos@example.org' });
  expect(config.https.listen).toEqual({ host: '127.0.0.1', port: 8443 });
  expect(config.https.files).toEqual({ certificate: '/a/chain.pem', key: '/a/key.pem' });
  expect(config.update).toEqual({ url: 'https://example.org/releases.json', key: 'KEY' });
});
