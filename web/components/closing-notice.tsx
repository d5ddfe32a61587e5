import type { Shell } from '#doors/entities/page-types.ts';
import { closing as words } from '#web/text/closing.ts';
import { DateText } from './date.tsx';
import { Icon } from './icon.tsx';

/** Says on every page that this place ends; members learn how to take their photos along. */
export function ClosingNotice({
  closing,
  member,
}: {
  closing: NonNullable<Shell['closing']>;
  member: boolean;
}) {
  return (
    <div class="inset closing-notice">
      <div class="notice" role="status">
        <Icon name="about" />
        <div>
          <p>
            {closing.over ? words.over : words.ends}
            <DateText at={closing.at} />
            {'. '}
            {member && <a href="/settings/archive">{words.take}</a>}
          </p>
          {closing.message !== '' && <p>{closing.message}</p>}
        </div>
      </div>
    </div>
  );
}
