import type { PageViewer } from '#doors/entities/page-types.ts';
import { admin as words } from '#web/text/admin.ts';
import { Icon } from './icon.tsx';

/** What an admin must mend, on every page but the one that tells all of it. */
export function Banners({ viewer, path }: { viewer: PageViewer | null; path: string }) {
  const banners = viewer?.banners ?? [];
  if (banners.length === 0 || path.split('?')[0] === '/admin') return null;
  // Photos come first: elsewhere one line says it.
  const most = path.startsWith('/admin') ? 3 : 1;
  const more = banners.length - most;
  return (
    <aside class="inset banners" aria-label={words.attention}>
      {banners.slice(0, most).map((banner) => (
        <a class="notice notice-problem banner" href={`/admin#${banner.key}`} key={banner.key}>
          <Icon name="warn" />
          <span>{banner.subject}</span>
        </a>
      ))}
      {more > 0 && (
        <a class="banner-more" href="/admin">
          {words.moreBanners(more)}
        </a>
      )}
    </aside>
  );
}
