import type { AdminBackupRow, AdminBackups as Backups } from '#doors/entities/admin-page-types.ts';
import { bytesText } from '#web/client/bytes.ts';
import { DateText } from '#web/components/date.tsx';
import { Notice } from '#web/components/notice.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { Section } from '#web/components/section.tsx';
import { backups as words } from '#web/text/backups.ts';

type Place = Backups['places'][number];

function Running({ running }: { running: NonNullable<Backups['running']> }) {
  const { kind, step, done, total } = running;
  const what = words.kinds[kind] ?? kind;
  return (
    <div class="stack" role="status">
      <p>{words.running(what, words.steps[step] ?? step, done, total)}</p>
      {total > 0 && <progress value={done} max={total} aria-label={what} />}
      <p class="small soft">{words.goesOn}</p>
    </div>
  );
}

function Facts({ backup }: { backup: AdminBackupRow }) {
  const { check, drill, files, bytes, newBytes } = backup;
  const sizes = [
    bytes === null ? null : bytesText(bytes),
    files === null ? null : words.photos(files),
    newBytes === null ? null : words.fresh(bytesText(newBytes)),
  ].filter((text) => text !== null);
  const state =
    check === null
      ? words.unchecked
      : check.ok
        ? check.full
          ? words.checked
          : words.checkedPart
        : words.bad;
  return (
    <>
      {sizes.length > 0 && <p class="small soft">{sizes.join(' · ')}</p>}
      <p class="small soft">
        {state}
        {check !== null && (
          <>
            {' '}
            (<DateText at={check.at} recent />)
          </>
        )}
        {drill !== null && (
          <>
            {` · ${drill.ok ? words.tried : words.triedBad} (`}
            <DateText at={drill.at} recent />)
          </>
        )}
      </p>
      {check !== null && !check.ok && <Notice kind="problem" text={check.detail} />}
      {drill !== null && !drill.ok && <Notice kind="problem" text={drill.detail} />}
    </>
  );
}

function PlaceSection({ csrf, place, busy }: { csrf: string; place: Place; busy: boolean }) {
  const { last, backups, sameDisk, encrypted, label } = place;
  return (
    <Section title={label} hint={encrypted ? words.sealed : words.plain}>
      {sameDisk && <Notice kind="hint" text={words.sameDisk} />}
      {last !== null && last.outcome !== 'done' && (
        <>
          <Notice
            kind="problem"
            text={`${last.outcome === 'failed' ? words.failed : words.interrupted}: ${last.detail}`}
          />
          <p class="small soft">{words.failedHelp}</p>
        </>
      )}
      {backups.length === 0 ? (
        <p class="soft">{words.none}</p>
      ) : (
        <ul class="rows">
          {backups.map((backup) => (
            <li class="row spread" key={backup.name}>
              <div>
                <p>
                  <DateText at={backup.madeAt} withTime />
                </p>
                <Facts backup={backup} />
                <p class="code small wrap">{`${label}/snapshots/${backup.name}`}</p>
              </div>
              {!busy && (
                <PostButton
                  action="/admin/backups/verify"
                  csrf={csrf}
                  label={words.check}
                  fields={{ place: label, backup: backup.name }}
                  small
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** POST /admin/backups/create, /drill {csrf}, /verify {csrf, place, backup}. */
export function AdminBackups({ csrf, backups }: { csrf: string; backups: Backups }) {
  const { running, places, every, keep, fingerprint } = backups;
  const hasBackups = places.some((place) => place.backups.length > 0);
  return (
    <>
      {running !== null ? (
        <Running running={running} />
      ) : (
        <div class="stack">
          <div class="actions">
            <PostButton action="/admin/backups/create" csrf={csrf} label={words.now} look="main" />
            {hasBackups && (
              <PostButton action="/admin/backups/drill" csrf={csrf} label={words.tryOut} />
            )}
          </div>
          {hasBackups && <p class="small soft">{words.tryHint}</p>}
        </div>
      )}
      {places.map((place) => (
        <PlaceSection key={place.label} csrf={csrf} place={place} busy={running !== null} />
      ))}
      <Section title={words.settings} hint={words.placeHint}>
        <p>{words.every(every)}</p>
        <p>{words.keep(keep)}</p>
        <p>
          <a href="/admin/settings">{words.toSettings}</a>
        </p>
      </Section>
      <Section title={words.restore}>
        <p>{words.restoreText}</p>
      </Section>
      <Section title={words.key} hint={words.keyHint}>
        <p class="code">{fingerprint}</p>
      </Section>
    </>
  );
}
