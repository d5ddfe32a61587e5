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
      <path
        fill="currentColor"
        fill-rule="evenodd"
        d="M7 2h18a2.5 2.500 0 0 1 2.500 2.500v23a2.500 2.500 0 0 1-2.500 2.500H7a2.500 2.500 0 0 1-2.500-2.500v-23A2.500 2.500 0 0 1 7 2Zm9 3.500c-4.700 0-8 4.400-8 10s3.300 10 8 10 8-4.400 8-10-3.300-10-8-10Z"
      />
      <path
        fill="currentColor"
        d="M16 9.200a3.100 3.100 0 1 0 0 6.200 3.100 3.100 0 0 0 0-6.200Zm0 7.400c-2.700 0-4.700 1.200-5.600 3.300 1.200 2.300 3.200 3.600 5.600 3.600s4.400-1.300 5.600-3.600c-.9-2.100-2.900-3.300-5.600-3.300Z"
      />
    </svg>
  );
}
