/** The sign of the house: a plate with an oval window, as tintypes were mounted. */
export function Mark({ className = 'mark' }: { className?: string }) {
  return (
    <svg
      class={className}
      viewBox="0 0 32 32"
      width="32"
      height="32"
      fill="none"
      aria-hidden="true"
      focusable="false"
    >
      <rect x="5" y="2" width="22" height="28" rx="2.500" stroke="currentColor" stroke-width="2" />
      <ellipse cx="16" cy="15" rx="7" ry="9" stroke="currentColor" stroke-width="2" />
      <path
        d="M10 19.600c1.400-2.900 3.500-4.100 6-4.100s4.600 1.200 6 4.100M16 13.600a2.600 2.600 0 1 0 0-5.200 2.600 2.600 0 0 0 0 5.200Z"
        stroke="currentColor"
        stroke-width="1.750"
      />
    </svg>
  );
}
