import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

/** Further actions behind three dots; opens without a script, closes on Escape with one. */
export function Menu({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <details class="menu">
      <summary class="button button-plain button-icon" aria-label={label} title={label}>
        <Icon name="dots" />
      </summary>
      <div class="menu-sheet">{children}</div>
    </details>
  );
}
