import type { AccountJson } from '#doors/entities/types.ts';
import { displayName, hostOf, profilePath } from '#web/client/address.ts';
import { social as words } from '#web/text/social.ts';
import { Ask } from './ask.tsx';
import { TextArea } from './field.tsx';
import { MenuPost } from './post-button.tsx';
import { Switch } from './switch.tsx';

/**
 * Mute, block and report, each with one question, as lines of a menu.
 * POST /@name/{mute,unmute,block,unblock} {csrf, next} and /@name/report {csrf, comment, post_id, forward}.
 */
export function PersonActs({
  account,
  csrf,
  postId,
  muting = false,
  blocking = false,
}: {
  account: AccountJson;
  csrf: string;
  /** The post that a report is about. */
  postId?: string;
  muting?: boolean;
  blocking?: boolean;
}) {
  const path = profilePath(account);
  const name = displayName(account);
  const host = hostOf(account);
  const id = postId ?? account.id;
  return (
    <>
      {muting ? (
        <MenuPost action={`${path}/unmute`} csrf={csrf} label={words.unmute(name)} icon="mute" />
      ) : (
        <Ask
          label={words.muteWho(name)}
          question={words.muteAsk(name)}
          yes={words.mute}
          action={`${path}/mute`}
          csrf={csrf}
          icon="mute"
          inMenu
        />
      )}
      {blocking ? (
        <MenuPost action={`${path}/unblock`} csrf={csrf} label={words.unblock(name)} icon="block" />
      ) : (
        <Ask
          label={words.blockWho(name)}
          question={words.blockAsk(name)}
          yes={words.block}
          action={`${path}/block`}
          csrf={csrf}
          icon="block"
          inMenu
        />
      )}
      <Ask
        label={words.reportWho(name)}
        question={words.reportAsk}
        yes={words.reportGo}
        action={`${path}/report`}
        csrf={csrf}
        icon="flag"
        inMenu
      >
        {postId !== undefined && <input type="hidden" name="post_id" value={postId} />}
        <TextArea
          label={words.reportLabel}
          name="comment"
          id={`report-${id}`}
          rows={3}
          maxLength={1000}
        />
        {host !== null && (
          <Switch
            name="forward"
            id={`forward-${id}`}
            label={words.reportForward(host)}
            checked={false}
          />
        )}
      </Ask>
    </>
  );
}
