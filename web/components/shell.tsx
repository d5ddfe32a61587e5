import type { ComponentChildren } from 'preact';
import type { Shell as ShellProps } from '#doors/entities/page-types.ts';
import { profilePath } from '#web/client/address.ts';
import { elsewhere } from '#web/text/federation.ts';
import { site } from '#web/text/site.ts';
import { Banners } from './banners.tsx';
import { ClosingNotice } from './closing-notice.tsx';
import { Icon, type IconName } from './icon.tsx';
import { Mark } from './mark.tsx';
import { Notice } from './notice.tsx';

/** How wide the column is: `narrow` for doors, `column` for reading, `wide` for grids, `post` for one post. */
export type Width = 'narrow' | 'column' | 'wide' | 'post';

type Item = {
  href: string;
  label: string;
  icon: IconName;
  aside?: boolean;
  within?: string;
  /** How much is new. */
  mark?: number;
  /** The number is kept right while the page is open. */
  live?: 'news' | 'messages';
};

/** What lies within reach of a thumb: the bar on a phone, the upper rail on a large screen. */
function items({ viewer, instance }: ShellProps): Item[] {
  const look: Item = { href: '/explore', label: site.explore, icon: 'explore' };
  if (viewer === null) {
    const open: Item[] = [look, { href: '/about', label: site.about, icon: 'about' }];
    return [
      ...(instance.closed ? [] : open),
      { href: '/sign-in', label: site.signIn, icon: 'enter' },
    ];
  }
  return [
    { href: '/', label: site.home, icon: 'home' },
    look,
    { href: '/compose', label: site.add, icon: 'add' },
    {
      href: '/notifications',
      label: site.news,
      icon: 'bell',
      mark: viewer.unread + viewer.requests,
      live: 'news',
    },
    { href: profilePath(viewer.account), label: site.me, icon: 'me' },
  ];
}

/** The rest: at the top of a phone what is needed often, in the rail all of it. */
function tools({ viewer }: ShellProps): Item[] {
  if (viewer === null) return [];
  const mine: Item[] = [
    { href: '/search', label: elsewhere.search, icon: 'search' },
    {
      href: '/messages',
      label: site.messages,
      icon: 'message',
      within: '/messages',
      mark: viewer.messages,
      live: 'messages',
    },
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
      href: '/admin',
      label: site.admin,
      icon: 'admin',
      aside: true,
      within: '/admin',
    });
  }
  return mine;
}

function Sign({ item }: { item: Item }) {
  if (item.mark === undefined) return <Icon name={item.icon} />;
  const count = item.mark > 98 ? '99+' : String(item.mark);
  return (
    <span class="nav-mark">
      <Icon name={item.icon} />
      <span
        class="nav-count number"
        data-unread={item.live ? item.mark : undefined}
        data-of={item.live}
        hidden={item.mark === 0}
      >
        {count}
      </span>
    </span>
  );
}

function Nav({ shell, name, label }: { shell: ShellProps; name: 'nav' | 'tools'; label: string }) {
  const path = shell.path.split('?')[0] ?? '/';
  const all = name === 'nav' ? items(shell) : tools(shell);
  if (all.length === 0) return null;
  return (
    <nav class={name} aria-label={label}>
      {all.map((item, at) => {
        const here = path === item.href || (item.within && path.startsWith(item.within));
        const push = item.aside && !all[at - 1]?.aside ? ' nav-push' : '';
        return (
          <a
            key={item.href}
            class={`nav-item${item.aside ? ` nav-aside${push}` : ''}`}
            href={item.href}
            aria-current={here ? 'page' : undefined}
          >
            <Sign item={item} />
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
          {!alone && <Nav shell={shell} name="nav" label={site.nav} />}
          {!alone && <Nav shell={shell} name="tools" label={site.tools} />}
        </header>
        <main class={width === 'column' ? 'main' : `main main-${width}`} id="main" tabIndex={-1}>
          {shell.closing && <ClosingNotice closing={shell.closing} member={signedIn} />}
          <Banners viewer={shell.viewer} path={shell.path} />
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
