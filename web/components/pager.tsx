import { site } from '#web/text/site.ts';
import { ButtonLink } from './button.tsx';

/** The way to newer and older things. */
export function Pager({ newer, older }: { newer: string | null; older: string | null }) {
  if (newer === null && older === null) return null;
  return (
    <nav class="pager" aria-label={site.pages}>
      {newer === null ? (
        <span />
      ) : (
        <ButtonLink href={newer} icon="left">
          {site.newer}
        </ButtonLink>
      )}
      {older === null ? (
        <span />
      ) : (
        <ButtonLink href={older} icon="right">
          {site.older}
        </ButtonLink>
      )}
    </nav>
  );
}
