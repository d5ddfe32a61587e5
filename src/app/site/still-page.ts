import { escapeHtml } from '#base/core/html.ts';
import { type SitePlace, siteLink, sitePlace } from './site-paths.ts';

/** What only works with a server behind it. */
const LIVING =
  'script, form, nav.nav, nav.tools, button, dialog, .skip, .closing-notice, [popover], link[rel=manifest]';
const LINKS = 'a[href], link[href], img[src], source[src], video[src]';

export type StillPage = { html: string; places: SitePlace[] };

/**
 * Makes a page that needs no server of one that was drawn for a stranger: without scripts, forms and
 * the way around the site; links lead to files of the copy; of those that lead to nothing only the words stay.
 * `known` says whether an address is in the copy.
 */
export async function stillPage(
  page: Response,
  at: { file: string; origin: string; note: string },
): Promise<StillPage> {
  const places: SitePlace[] = [];
  const lead = (address: string): string | null => {
    const place = sitePlace(address, at.origin);
    if (place === null) return null;
    places.push(place);
    return siteLink(at.file, place.file);
  };
  const rewriter = new HTMLRewriter()
    .on(LIVING, { element: (element) => void element.remove() })
    .on(LINKS, {
      element: (element) => {
        if (!element.removed) turn(element, at.origin, lead);
      },
    })
    .on('[srcset]', {
      element: (element) => {
        const set = element.getAttribute('srcset') ?? '';
        element.setAttribute('srcset', turnSet(set, lead));
      },
    })
    .on('body', { element: (element) => void element.setAttribute('class', 'still') })
    .on('footer.foot', {
      element: (element) => {
        element.prepend(`<span>${escapeHtml(at.note)}</span>`, { html: true });
      },
    });
  return { html: await rewriter.transform(page).text(), places };
}

function turn(
  element: HTMLRewriterTypes.Element,
  origin: string,
  lead: (address: string) => string | null,
): void {
  const name = element.hasAttribute('href') ? 'href' : 'src';
  const value = element.getAttribute(name) ?? '';
  const inside = value.startsWith('/') || value.startsWith(`${origin}/`);
  // Other sites, mail, and places on the same page stay what they are.
  if (!inside || element.getAttribute('rel') === 'canonical') return;
  const [address = '', place] = value.split('#');
  const found = lead(address);
  if (found !== null) element.setAttribute(name, place === undefined ? found : `${found}#${place}`);
  else if (element.tagName === 'a' && !isOnlyWay(element, value)) {
    // Its place in the row stays, only the way is gone.
    element.tagName = 'span';
    element.removeAttribute('href');
  } else if ((element.getAttribute('class') ?? '').split(' ').includes('avatar')) {
    element.replace(faceless(element.getAttribute('width') ?? '40'), { html: true });
  } else element.remove();
}

/** In the place of a picture of somebody elsewhere, which stays there. */
function faceless(size: string): string {
  const is = `class="avatar avatar-letters" viewBox="0 0 96 96" width="${size}" height="${size}"`;
  return `<svg ${is} aria-hidden="true"><rect width="96" height="96"/></svg>`;
}

/** Links of which nothing is left without where they lead: help, following, what looks like a button. */
function isOnlyWay(element: HTMLRewriterTypes.Element, address: string): boolean {
  const looks = (element.getAttribute('class') ?? '').split(' ');
  return /^\/help$|\/remote-follow$/.test(address) || looks.includes('button');
}

function turnSet(set: string, lead: (address: string) => string | null): string {
  return set
    .split(',')
    .flatMap((part) => {
      const [address = '', size = ''] = part.trim().split(/\s+/);
      const found = lead(address);
      return found === null ? [] : [`${found} ${size}`.trim()];
    })
    .join(', ');
}
