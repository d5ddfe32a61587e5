import type { SettingsPage as Props, Shell } from '#doors/entities/page-types.ts';
import { Notice } from '#web/components/notice.tsx';
import { SettingsTabs } from '#web/components/settings-tabs.tsx';
import { settings as words } from '#web/text/settings.ts';
import { SettingsAccount } from './settings-account.tsx';
import { SettingsArchive } from './settings-archive.tsx';
import { SettingsFilters } from './settings-filters.tsx';
import { SettingsInteractions } from './settings-interactions.tsx';
import { SettingsPosting } from './settings-posting.tsx';
import { SettingsProfile } from './settings-profile.tsx';
import { SettingsSecurity } from './settings-security.tsx';
import { SettingsStorage } from './settings-storage.tsx';

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
  return (
    <>
      <div class="page-head inset">
        <h1>{words.title}</h1>
      </div>
      <SettingsTabs shell={shell} here={props.section} />
      <div class="inset stack-wide">
        {props.form.problem && <Notice kind="problem" text={props.form.problem} />}
        <Section csrf={shell.viewer?.csrf ?? ''} shell={shell} props={props} />
      </div>
    </>
  );
}
