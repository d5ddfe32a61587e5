import type { Shell } from '#doors/entities/page-types.ts';
import { explore as words } from '#web/text/explore.ts';
import { Tabs } from './tabs.tsx';

/** What many like, everything of this server, everything that is known here. */
export function ExploreTabs({
  here,
  shell,
  federating,
}: {
  here: 'explore' | 'local' | 'network';
  shell: Shell;
  federating: boolean;
}) {
  const tabs = [
    { href: '/explore', label: words.popular, here: here === 'explore' },
    { href: '/local', label: words.local, here: here === 'local' },
    ...(shell.viewer && federating
      ? [{ href: '/network', label: words.network, here: here === 'network' }]
      : []),
  ];
  return <Tabs label={words.title} tabs={tabs} />;
}
