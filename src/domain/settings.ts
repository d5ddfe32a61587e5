import type { Context } from '#base/context.ts';
import { parseBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { parseKeepRule } from '#base/core/keep-rule.ts';
import {
  deleteSetting,
  findSetting,
  findSettings,
  saveSetting,
} from '#base/db/settings-queries.ts';

type Setting<T> = {
  label: string;
  help: string;
  kind: 'text' | 'paragraph' | 'choice' | 'switch' | 'bytes';
  choices: readonly { value: string; label: string }[];
  fallback: T;
  /** Reads the stored or typed text; null if it is not a value of this setting. */
  parse: (text: string) => T | null;
};

const text = (label: string, help: string, fallback: string, max: number): Setting<string> => ({
  label,
  help,
  kind: max > 200 ? 'paragraph' : 'text',
  choices: [],
  fallback,
  parse: (value) => (value.length <= max ? value.trim() : null),
});
const choice = <const T extends string>(
  label: string,
  help: string,
  fallback: NoInfer<T>,
  choices: readonly { value: T; label: string }[],
): Setting<T> => ({
  label,
  help,
  kind: 'choice',
  choices,
  fallback,
  parse: (value) => choices.find((each) => each.value === value)?.value ?? null,
});
const toggle = (label: string, help: string, fallback: boolean): Setting<boolean> => ({
  label,
  help,
  kind: 'switch',
  choices: [],
  fallback,
  parse: (value) => (value === 'true' ? true : value === 'false' ? false : null),
});
const bytes = (label: string, help: string, fallback: number): Setting<number> => ({
  label,
  help,
  kind: 'bytes',
  choices: [],
  fallback,
  parse: parseBytes,
});
const days = (label: string, help: string, fallback: number): Setting<number> => ({
  label,
  help,
  kind: 'text',
  choices: [],
  fallback,
  parse: (value) => (/^[1-9][0-9]{0,4}$/.test(value.trim()) ? Number(value) : null),
});

/** Every setting that an admin can change while the server runs; a flag, variable or file entry of the same key wins. */
export const adminSettings = {
  mode: choice(
    'Who it is for',
    'Solo: one person, public photos. Family: closed to everybody without an account. Community: open to readers, many people.',
    'solo',
    [
      { value: 'solo', label: 'Solo' },
      { value: 'family', label: 'Family' },
      { value: 'community', label: 'Community' },
    ],
  ),
  registration: choice('New accounts', 'Who can make an account here.', 'closed', [
    { value: 'closed', label: 'Nobody' },
    { value: 'invite', label: 'Only with an invite link' },
    { value: 'open', label: 'Everybody' },
  ]),
  'instance.name': text('Name', 'Shown in the title of every page.', 'Tintype', 60),
  'instance.description': text('Description', 'A sentence or two for the about page.', '', 500),
  'instance.rules': text('Rules', 'One rule a line.', '', 5000),
  'posts.default_visibility': choice(
    'Visibility of a new post',
    'Everybody can choose another.',
    'public',
    [
      { value: 'public', label: 'Public' },
      { value: 'unlisted', label: 'Unlisted' },
      { value: 'followers', label: 'Followers' },
    ],
  ),
  'posts.require_alt_text': toggle(
    'Require descriptions',
    'A post is only published when every photo has an alt text.',
    false,
  ),
  'quota.account': bytes(
    'Storage of one account',
    'Originals and renditions together; 0 means no limit.',
    0,
  ),
  'quota.instance': bytes('Storage of all accounts', '0 means no limit.', 0),
  'storage.min_free': bytes(
    'Disk space kept free',
    'Uploads are refused when the disk has less than this.',
    500_000_000,
  ),
  'federation.with': choice(
    'Speaks with other servers',
    'By itself: with all but blocked ones, in a family with nobody.',
    'auto',
    [
      { value: 'auto', label: 'By itself' },
      { value: 'open', label: 'All that are not blocked' },
      { value: 'allowlist', label: 'Only allowed ones' },
      { value: 'off', label: 'Nobody' },
    ],
  ),
  'federation.authorized_fetch': toggle(
    'Only known servers read',
    'Other servers must sign when they read posts and profiles, so that blocked ones cannot.',
    false,
  ),
  'federation.send_blocks': toggle(
    'Tell of blocks',
    'A person of another server who is blocked here is told so by their server.',
    false,
  ),
  'federation.keep_days': days(
    'Keep posts from elsewhere',
    'Days until posts of other servers that nobody here has anything to do with are removed.',
    90,
  ),
  'media.cache_size': bytes(
    'Space for photos from elsewhere',
    'Copies of photos of other servers; what nobody looked at the longest goes first. With a bucket, copies of our own photos may take as much again.',
    2_000_000_000,
  ),
  'features.likes': toggle('Likes', 'Off: nobody here likes, is liked, or sees likes.', true),
  'features.boosts': toggle('Boosts', 'Off: nobody here boosts, is boosted, or sees boosts.', true),
  'features.comments': toggle(
    'Comments',
    'Off: nobody comments here, and no comments are shown.',
    true,
  ),
  'features.counts': toggle(
    'Numbers of likes, boosts and comments',
    'Off: nobody sees how many there are.',
    true,
  ),
  'compat.pixelfed_app': toggle(
    'Official Pixelfed app',
    'It only signs in to servers that say at one address of their own that they are Pixelfed; this lets it in.',
    true,
  ),
  'backup.every': choice(
    'Backups by themselves',
    'At night where once is enough; when the machine was off, soon after it is back.',
    'daily',
    [
      { value: 'off', label: 'Never' },
      { value: '6h', label: 'Every six hours' },
      { value: 'daily', label: 'Every day' },
      { value: 'weekly', label: 'Every week' },
    ],
  ),
  'backup.keep': {
    label: 'Which backups are kept',
    help: 'The newest one of each of the last hours (h), days (d), weeks (w), months (m) and years (y): `7d 4w 12m`. Photos that were deleted stay in backups that long.',
    kind: 'text',
    choices: [],
    fallback: '7d 4w 12m',
    parse: (value) => (parseKeepRule(value) === null ? null : value.trim()),
  } satisfies Setting<string>,
} as const;

export type SettingKey = keyof typeof adminSettings;
export type SettingValue<K extends SettingKey> =
  (typeof adminSettings)[K] extends Setting<infer T> ? T : never;

type SwitchKey = { [K in SettingKey]: SettingValue<K> extends boolean ? K : never }[SettingKey];

/** The value that holds now: what flag, variable or file pinned, else what an admin chose, else the default. */
export function readSetting<K extends SettingKey>(
  ctx: Pick<Context, 'config' | 'db'>,
  key: K,
): SettingValue<K> {
  const setting: Setting<unknown> = adminSettings[key];
  const stored = ctx.config.pinned[key] ?? findSetting(ctx.db, key);
  const value = stored === null ? null : setting.parse(stored);
  return (value ?? setting.fallback) as SettingValue<K>;
}

/** Several switches at once, for the price of one: all that are on. */
export function readSwitches<K extends SwitchKey>(
  ctx: Pick<Context, 'config' | 'db'>,
  keys: readonly K[],
): ReadonlySet<K> {
  const stored = findSettings(ctx.db, keys);
  return new Set(
    keys.filter((key, at) => {
      const setting: Setting<unknown> = adminSettings[key];
      const text = ctx.config.pinned[key] ?? stored[at] ?? null;
      return (text === null ? null : setting.parse(text)) ?? setting.fallback;
    }),
  );
}

/** Changes a setting; throws if the text is no value of it or if it is pinned by flag, variable or file. */
export function changeSetting(
  ctx: Pick<Context, 'config' | 'db' | 'now'>,
  key: SettingKey,
  value: string | null,
): void {
  const setting: Setting<unknown> = adminSettings[key];
  if (ctx.config.pinned[key] !== undefined) {
    throw new AppError(
      'conflict',
      `"${setting.label}" is set where the server is started and cannot be changed here.`,
    );
  }
  if (value === null) {
    deleteSetting(ctx.db, key);
    return;
  }
  if (setting.parse(value) === null) {
    throw new AppError('invalid', `"${setting.label}" cannot be set to that.`, {
      fields: { [key]: 'This value does not fit.' },
    });
  }
  saveSetting(ctx.db, key, value, ctx.now());
}
