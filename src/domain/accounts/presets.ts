import type { Context } from '#base/context.ts';
import { changeSetting, type SettingKey, type SettingValue } from '#domain/settings.ts';

export type Mode = SettingValue<'mode'>;
type Preset = Readonly<Partial<Record<SettingKey, string>>>;

const RULES = [
  'Post only photos that you may share, and ask before you show other people.',
  'Be kind: no harassment, no hate.',
  'Mark nudity and violence with a content warning.',
  'No advertising.',
].join('\n');

/** What each answer to "who is it for?" means, as texts of admin settings: a start that an admin can change. */
const presets: Readonly<Record<Mode, Preset>> = {
  solo: {
    registration: 'closed',
    'posts.default_visibility': 'public',
    'quota.account': '0',
    'instance.rules': '',
  },
  family: {
    registration: 'invite',
    'posts.default_visibility': 'public',
    'quota.account': '20GB',
    'instance.rules': '',
  },
  community: {
    registration: 'invite',
    'posts.default_visibility': 'public',
    'quota.account': '5GB',
    'instance.rules': RULES,
  },
};

/** Applies a preset as admin settings, inside the caller's transaction; what flag, variable or file pinned stays. */
export function applyPreset(
  ctx: Pick<Context, 'config' | 'db' | 'now'>,
  mode: Mode,
  instanceName: string,
): void {
  const wanted: Preset = { ...presets[mode], mode };
  const named = instanceName.trim() === '' ? wanted : { ...wanted, 'instance.name': instanceName };
  for (const key of Object.keys(named) as SettingKey[]) {
    const value = named[key];
    if (value !== undefined && ctx.config.pinned[key] === undefined) changeSetting(ctx, key, value);
  }
}
