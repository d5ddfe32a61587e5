import type { PageViewer } from '#doors/entities/page-types.ts';
import { explore } from '#web/text/explore.ts';
import { later } from '#web/text/later.ts';
import { site } from '#web/text/site.ts';
import { Icon, type IconName } from './icon.tsx';
import { Menu } from './menu.tsx';

type Line = { href: string; label: string; icon: IconName };

/** Where a phone finds what stands in the rail of a large screen, and what only its owner sees. */
export function OwnMenu({ viewer }: { viewer: PageViewer }) {
  const lines: Line[] = [
    { href: '/bookmarks', label: explore.bookmarks, icon: 'bookmark' },
    { href: '/likes', label: explore.likes, icon: 'like' },
    { href: '/messages', label: site.messages, icon: 'message' },
    { href: '/lists', label: explore.lists, icon: 'list' },
    { href: '/scheduled', label: later.title, icon: 'clock' },
    { href: '/settings/profile', label: site.settings, icon: 'settings' },
  ];
  if (viewer.role !== 'member') {
    lines.push({ href: '/admin', label: site.admin, icon: 'admin' });
  }
  return (
    <Menu label={site.actions}>
      {lines.map(({ href, label, icon }) => (
        <a class="menu-item" key={href} href={href}>
          <Icon name={icon} />
          {label}
        </a>
      ))}
    </Menu>
  );
}
