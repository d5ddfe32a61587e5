import type { ComponentChildren } from 'preact';
import type { Shell as ShellProps } from '#doors/entities/page-types.ts';
import { profilePath } from '#web/client/address.ts';
import { elsewhere } from '#web/text/federation.ts';
import { site } from '#web/text/site.ts';
import { Icon, type IconName } from './icon.tsx';
import { Mark } from './mark.tsx';
import { Notice } from './notice.tsx';

/** How wide the column is: `narrow` for doors, `column` for reading, `wide` for grids, `post` for one post. */
export type Width = 'narrow' | 'column' | 'wide' | 'post';

type Item = { href: string; label: string; icon: IconName; aside?: boolean; within?: string };

function items({ viewer, instance }: ShellProps): Item[] {
  if (viewer === null) {
    return [
      ...(instance.closed ? [] : [{ href: '/about', label: site.about, icon: 'about' as const }]),
      { href: '/sign-in', label: site.signIn, icon: 'enter' },
    ];
  }
  const asks: Item = {
    href: '/requests',
    label: elsewhere.requestsCount(viewer.requests),
    icon: 'followers',
    aside: true,
  };
  const mine: Item[] = [
    { href: '/', label: site.home, icon: 'home' },
    { href: '/search', label: elsewhere.search, icon: 'search' },
    { href: '/compose', label: site.add, icon: 'add' },
    { href: profilePath(viewer.account), label: site.me, icon: 'me' },
    ...(viewer.requests > 0 ? [asks] : []),
    {
      href: '/settings/profile',
      label: site.settings,
      icon: 'settings',
      aside: true,
      within: '/settings',
    },
  ];
  if (viewer.role !== 'member') {
    mine.push({
      href: '/admin/accounts',
      label: site.admin,
      icon: 'admin',
      aside: true,
      within: '/admin',
    });
  }
  return mine;
}

function Nav({ shell }: { shell: ShellProps }) {
  const path = shell.path.split('?')[0] ?? '/';
  return (
    <nav class="nav" aria-label={site.nav}>
      {items(shell).map((item, at, all) => {
        const here = path === item.href || (item.within && path.startsWith(item.within));
        const push = item.aside && !all[at - 1]?.aside ? ' nav-push' : '';
        return (
          <a
            key={item.href}
            class={`nav-item${item.aside ? ` nav-aside${push}` : ''}`}
            href={item.href}
            aria-current={here ? 'page' : undefined}
          >
            <Icon name={item.icon} />
            {item.label}
          </a>
        );
      })}
    </nav>
  );
}

function Foot({ shell, alone }: { shell: ShellProps; alone: boolean }) {
  const { instance, viewer } = shell;
  return (
    <footer class="foot">
      {!alone && (!instance.closed || viewer !== null) && (
        <>
          <a href="/about">{site.about}</a>
          <a href="/help">{site.help}</a>
        </>
      )}
      {instance.sourceUrl && (
        <a href={instance.sourceUrl} rel="noopener noreferrer">
          {site.source}
        </a>
      )}
      <span>{`Tintype ${instance.version}`}</span>
    </footer>
  );
}

/** The frame of every page: the way to the content, the brand, the bar or rail, the column. */
export function Shell({
  shell,
  width,
  alone = false,
  children,
}: {
  shell: ShellProps;
  width: Width;
  /** The only page there is yet: no links to others. */
  alone?: boolean;
  children: ComponentChildren;
}) {
  const signedIn = shell.viewer !== null;
  return (
    <>
      <a class="skip" href="#main">
        {site.skip}
      </a>
      <div class={signedIn ? 'site has-bar' : 'site'}>
        <header class={signedIn ? 'masthead bar' : 'masthead'}>
          <a class="brand" href="/">
            <Mark />
            <span class="brand-name">{shell.instance.name}</span>
          </a>
          {!alone && <Nav shell={shell} />}
        </header>
        <main class={width === 'column' ? 'main' : `main main-${width}`} id="main" tabIndex={-1}>
          {shell.notice && (
            <div class="inset">
              <Notice {...shell.notice} />
            </div>
          )}
          {children}
        </main>
        <Foot shell={shell} alone={alone} />
      </div>
    </>
  );
}
