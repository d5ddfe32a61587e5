import type { SettingsPage as Props, Shell } from '#doors/entities/page-types.ts';
import { Notice } from '#web/components/notice.tsx';
import { Tabs } from '#web/components/tabs.tsx';
import { settings as words } from '#web/text/settings.ts';
import { site } from '#web/text/site.ts';
import { SettingsAccount } from './settings-account.tsx';
import { SettingsArchive } from './settings-archive.tsx';
import { SettingsFilters } from './settings-filters.tsx';
import { SettingsInteractions } from './settings-interactions.tsx';
import { SettingsPosting } from './settings-posting.tsx';
import { SettingsProfile } from './settings-profile.tsx';
import { SettingsSecurity } from './settings-security.tsx';
import { SettingsStorage } from './settings-storage.tsx';

const sections = [
  'profile',
  'posting',
  'interactions',
  'filters',
  'storage',
  'archive',
  'security',
  'account',
] as const;

const pages = {
  profile: SettingsProfile,
  posting: SettingsPosting,
  interactions: SettingsInteractions,
  filters: SettingsFilters,
  storage: SettingsStorage,
  archive: SettingsArchive,
  security: SettingsSecurity,
  account: SettingsAccount,
};

/** `/settings/SECTION`: the own account; the forms are named in the file of each section. */
export function SettingsPage({ shell, props }: { shell: Shell; props: Props }) {
  const Section = pages[props.section];
  const tabs: { href: string; label: string; here: boolean }[] = sections.map((section) => ({
    href: `/settings/${section}`,
    label: words.sections[section],
    here: section === props.section,
  }));
  if (shell.viewer && shell.viewer.role !== 'member') {
    tabs.push({ href: '/admin', label: site.admin, here: false });
  }
  return (
    <>
      <div class="page-head inset">
        <h1>{words.title}</h1>
      </div>
      <Tabs label={words.title} tabs={tabs} />
      <div class="inset stack-wide">
        {props.form.problem && <Notice kind="problem" text={props.form.problem} />}
        <Section csrf={shell.viewer?.csrf ?? ''} shell={shell} props={props} />
      </div>
    </>
  );
}
