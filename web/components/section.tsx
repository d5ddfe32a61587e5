import type { ComponentChildren } from 'preact';

/** A titled part of a settings page. */
export function Section({
  title,
  hint,
  id,
  children,
}: {
  title: string;
  hint?: string;
  /** Where a link leads. */
  id?: string;
  children: ComponentChildren;
}) {
  return (
    <section class="section" id={id}>
      <div class="section-head">
        <h2>{title}</h2>
        {hint && <p class="hint">{hint}</p>}
      </div>
      {children}
    </section>
  );
}
