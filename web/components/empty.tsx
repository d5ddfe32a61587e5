import type { ComponentChildren } from 'preact';

/** What a list says when it is empty, and what to do about it. */
export function Empty({
  title,
  text,
  children,
}: {
  title?: string;
  text: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <svg
        class="empty-mark"
        viewBox="0 0 72 72"
        width="72"
        height="72"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        aria-hidden="true"
      >
        <rect x="18" y="8" width="40" height="50" rx="3" transform="rotate(6 38 33)" />
        <rect x="12" y="12" width="40" height="50" rx="3" class="empty-plate" />
        <ellipse cx="32" cy="36" rx="12" ry="16" />
      </svg>
      {title && <h2>{title}</h2>}
      <p>{text}</p>
      {children}
    </div>
  );
}
