import type { AccountJson } from '#doors/entities/types.ts';
import { profilePath } from '#web/client/address.ts';
import { elsewhere as words } from '#web/text/federation.ts';
import { PostButton } from './post-button.tsx';

/** Lets somebody follow, or turns the request down. POST /@name/accept and /@name/reject {csrf, next}. */
export function RequestButtons({
  account,
  csrf,
  next,
}: {
  account: AccountJson;
  csrf: string;
  next?: string;
}) {
  const path = profilePath(account);
  const fields = next === undefined ? {} : { next };
  return (
    <div class="row">
      <PostButton
        action={`${path}/accept`}
        csrf={csrf}
        label={words.accept}
        look="main"
        small
        fields={fields}
      />
      <PostButton
        action={`${path}/reject`}
        csrf={csrf}
        label={words.reject}
        small
        fields={fields}
      />
    </div>
  );
}
