import type { ComponentChildren } from 'preact';
import type { StatusJson } from '#doors/entities/types.ts';
import { sifting as words } from '#web/text/sifting.ts';

/** What a filter of the viewer covers: its name stands there until somebody opens it. */
export function Sifted({
  post,
  children,
}: {
  post: Pick<StatusJson, 'filtered'>;
  children: ComponentChildren;
}) {
  if (post.filtered.length === 0) return <>{children}</>;
  const titles = post.filtered.map(({ filter }) => filter.title).join(', ');
  return (
    <details class="sifted">
      <summary>
        <span>{words.covered(titles)}</span>
        <span class="cover-act sifted-show">{words.show}</span>
        <span class="cover-act sifted-cover">{words.cover}</span>
      </summary>
      {children}
    </details>
  );
}
