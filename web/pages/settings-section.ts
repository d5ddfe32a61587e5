import type { SettingsPage, Shell } from '#doors/entities/page-types.ts';

/** What each section of the settings is drawn from. */
export type SettingsSection = { csrf: string; shell: Shell; props: SettingsPage };
