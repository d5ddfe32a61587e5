import type { AccountJson } from '#doors/entities/types.ts';
import { displayName } from '#web/client/address.ts';

/** The file that apps know by its name, wherever it lies; a host may be called as it likes. */
const noPicture = /(^|\/)(missing\.png)?$/;

function letters(name: string): string {
  const words = name.split(/[\s_.-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = Array.from(words[0] ?? '?')[0] ?? '?';
  const last = words.length > 1 ? (Array.from(words.at(-1) ?? '')[0] ?? '') : '';
  return (first + last).toUpperCase();
}

/** The picture of a person, or the first letters of the name. Decoration: the name stands beside it. */
export function Avatar({ account, size }: { account: AccountJson; size: number }) {
  if (!noPicture.test(account.avatar)) {
    return (
      <img
        class="avatar"
        src={account.avatar}
        width={size}
        height={size}
        alt=""
        loading="lazy"
        decoding="async"
      />
    );
  }
  return (
    <svg
      class="avatar avatar-letters"
      viewBox="0 0 96 96"
      width={size}
      height={size}
      aria-hidden="true"
    >
      <rect width="96" height="96" />
      <text x="48" y="61" text-anchor="middle">
        {letters(displayName(account))}
      </text>
    </svg>
  );
}
