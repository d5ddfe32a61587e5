import type { Shell } from '#doors/entities/page-types.ts';
import { settings as words } from '#web/text/settings.ts';
import { site } from '#web/text/site.ts';
import { Tabs } from './tabs.tsx';

/** In the order in which a person meets them: who I am, what I show, my photos as files, my access. */
const sections = [
  'profile',
  'posting',
  'interactions',
  'filters',
  'storage',
  'archive',
  'import',
  'security',
  'account',
] as const;

/** The sections of a person's own settings, and for admins the way to the whole place. */
export function SettingsTabs({ shell, here }: { shell: Shell; here: (typeof sections)[number] }) {
  const tabs: { href: string; label: string; here: boolean }[] = sections.map((section) => ({
    href: `/settings/${section}`,
    label: words.sections[section],
    here: section === here,
  }));
  if (shell.viewer && shell.viewer.role !== 'member') {
    tabs.push({ href: '/admin', label: site.admin, here: false });
  }
  return <Tabs label={words.title} tabs={tabs} />;
}
