/** A link to somebody's own site, called by its host so that it cannot lie; nothing if it is no site. */
export function WebLink({ href }: { href: string | null }) {
  if (href === null || !/^https?:\/\//i.test(href) || !URL.canParse(href)) return null;
  return (
    <a href={href} rel="noopener noreferrer nofollow">
      {new URL(href).host}
    </a>
  );
}
