import type { StorageMeter as Storage } from '#doors/entities/page-types.ts';
import { bytesText } from '#web/client/bytes.ts';
import { settings as words } from '#web/text/settings.ts';

const percent = (part: number, whole: number) =>
  `${Math.min(100, Math.max(0, (part / Math.max(1, whole)) * 100)).toFixed(2)}%`;

function sentence({ usedBytes, quotaBytes }: Storage): string {
  if (quotaBytes === null) return `${bytesText(usedBytes)} used`;
  const left = Math.max(0, quotaBytes - usedBytes);
  return `${bytesText(usedBytes)} of ${bytesText(quotaBytes)} used, ${bytesText(left)} left`;
}

/** How much room is used and left; `nextBytes` is what is about to be uploaded. */
export function StorageMeter({
  storage,
  nextBytes = 0,
  detail = false,
}: {
  storage: Storage;
  nextBytes?: number;
  detail?: boolean;
}) {
  const { usedBytes, quotaBytes, originalsBytes, renditionsBytes } = storage;
  const whole = quotaBytes ?? Math.max(usedBytes + nextBytes, 1);
  const full = quotaBytes !== null && usedBytes + nextBytes > quotaBytes * 0.95;
  const originals = percent(originalsBytes, whole);
  const used = percent(usedBytes, whole);
  return (
    <div class={full ? 'meter meter-full' : 'meter'}>
      {quotaBytes !== null && (
        <svg class="meter-bar" aria-hidden="true" focusable="false">
          <rect class="meter-next" width={percent(usedBytes + nextBytes, whole)} height="100%" />
          <rect class="meter-renditions" width={used} height="100%" />
          <rect class="meter-originals" width={originals} height="100%" />
        </svg>
      )}
      <p class="small number">{sentence(storage)}</p>
      {detail && (
        <p class="meter-key number">
          <span>
            <svg viewBox="0 0 8 8" aria-hidden="true">
              <rect class="meter-originals" width="8" height="8" />
            </svg>
            {`${words.originalsBytes}: ${bytesText(originalsBytes)}`}
          </span>
          <span>
            <svg viewBox="0 0 8 8" aria-hidden="true">
              <rect class="meter-renditions" width="8" height="8" />
            </svg>
            {`${words.renditionsBytes}: ${bytesText(renditionsBytes)}`}
          </span>
        </p>
      )}
    </div>
  );
}
