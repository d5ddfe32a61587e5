import type { AdminPage as Props, Shell } from '#doors/entities/page-types.ts';
import { Tabs } from '#web/components/tabs.tsx';
import { admin as words } from '#web/text/admin.ts';
import { AdminAccounts } from './admin-accounts.tsx';
import { AdminBackups } from './admin-backups.tsx';
import { AdminClosing } from './admin-closing.tsx';
import { AdminDomains } from './admin-domains.tsx';
import { AdminInvites } from './admin-invites.tsx';
import { AdminOverview } from './admin-overview.tsx';
import { AdminReport, AdminReports } from './admin-reports.tsx';
import { AdminSettings } from './admin-settings.tsx';
import { AdminStorage } from './admin-storage.tsx';

const sections = [
  'overview',
  'accounts',
  'invites',
  'reports',
  'domains',
  'storage',
  'backups',
  'settings',
  'closing',
] as const;

function Section({ csrf, shell, props }: { csrf: string; shell: Shell; props: Props }) {
  switch (props.section) {
    case 'overview':
      return <AdminOverview overview={props.overview} banners={shell.viewer?.banners ?? []} />;
    case 'accounts':
      return <AdminAccounts csrf={csrf} shell={shell} props={props} />;
    case 'invites':
      return <AdminInvites csrf={csrf} props={props} />;
    case 'reports':
      return <AdminReports props={props} />;
    case 'report':
      return <AdminReport csrf={csrf} props={props} />;
    case 'domains':
      return <AdminDomains csrf={csrf} props={props} />;
    case 'storage':
      return <AdminStorage csrf={csrf} storage={props.storage} />;
    case 'backups':
      return <AdminBackups csrf={csrf} backups={props.backups} />;
    case 'closing':
      return <AdminClosing csrf={csrf} shell={shell} props={props} />;
    case 'settings':
      return <AdminSettings csrf={csrf} props={props} />;
  }
}

/** Reports that wait are counted where one sees them. */
function labelOf(section: (typeof sections)[number], waiting: number): string {
  const label = words.sections[section];
  return section === 'reports' && waiting > 0 ? `${label} (${waiting})` : label;
}

/** `/admin/SECTION`: the whole place; the forms are named in the file of each section. */
export function AdminPage({ shell, props }: { shell: Shell; props: Props }) {
  return (
    <>
      <div class="page-head inset">
        <h1>{words.title}</h1>
      </div>
      <Tabs
        label={words.title}
        tabs={sections.map((section) => ({
          href: section === 'overview' ? '/admin' : `/admin/${section}`,
          label: labelOf(section, shell.viewer?.reports ?? 0),
          here: section === (props.section === 'report' ? 'reports' : props.section),
        }))}
      />
      <div class="inset stack-wide">
        <Section csrf={shell.viewer?.csrf ?? ''} shell={shell} props={props} />
      </div>
    </>
  );
}
