import { absoluteHtml } from '#doors/entities/addresses.ts';

/** A mention that does not stand in its `h-card` yet. */
const MENTION =
  /(?<!<span class="h-card">)(<a href="[^"]*" class="u-url mention"[^>]*>[^<]*<\/a>)/g;

/** The HTML of a caption for other servers: absolute addresses, mentions as Mastodon writes them. */
export function contentHtml(captionHtml: string, origin: string): string {
  return absoluteHtml(captionHtml, origin).replace(MENTION, '<span class="h-card">$1</span>');
}
