import type { ArchivePart, ArchiveRow } from '#doors/entities/archive-page-types.ts';
import { bytesText } from '#web/client/bytes.ts';
import { Ask } from '#web/components/ask.tsx';
import { Button, ButtonLink } from '#web/components/button.tsx';
import { DateText } from '#web/components/date.tsx';
import { Form } from '#web/components/form.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { Section } from '#web/components/section.tsx';
import { Switch } from '#web/components/switch.tsx';
import { archive as words } from '#web/text/archive.ts';
import type { SettingsSection } from './settings-section.ts';

type Part = { csrf: string; archive: ArchivePart };

function isOnItsWay({ state }: ArchiveRow): boolean {
  return state === 'waiting' || state === 'running';
}

function Facts({ row }: { row: ArchiveRow }) {
  return (
    <p class="soft">
      {row.state === 'done' ? words.madeOn : words.askedOn}
      <DateText at={row.finishedAt ?? row.createdAt} withTime />
      {row.bytes !== null && ` · ${bytesText(row.bytes)}`}
      {row.renditions && ` · ${words.withCopies}`}
      {row.expiresAt !== null && (
        <>
          {' · '}
          {words.until}
          <DateText at={row.expiresAt} />
        </>
      )}
    </p>
  );
}

function Archive({ row, csrf }: { row: ArchiveRow; csrf: string }) {
  const away = isOnItsWay(row);
  return (
    <li class="archive-row">
      <strong>{words[row.state]}</strong>
      <Facts row={row} />
      {row.state === 'running' && (
        <div class="archive-progress">
          <progress
            aria-label={words.running}
            value={row.total === 0 ? undefined : row.done}
            max={Math.max(1, row.total)}
          />
          <span class="soft">{words.progress(row.done, row.total)}</span>
        </div>
      )}
      {row.detail !== null && <p class={row.state === 'failed' ? 'error' : 'soft'}>{row.detail}</p>}
      <div class="archive-acts">
        {row.state === 'done' && (
          <ButtonLink href={`/settings/archive/${row.id}/download`} look="main" icon="download">
            {words.download}
          </ButtonLink>
        )}
        {row.state === 'done' ? (
          <Ask
            label={words.remove}
            question={`${words.remove}?`}
            yes={words.remove}
            action={`/settings/archive/${row.id}/remove`}
            csrf={csrf}
          />
        ) : (
          <PostButton
            action={`/settings/archive/${row.id}/remove`}
            csrf={csrf}
            label={away ? words.stop : words.forget}
            small
          />
        )}
      </div>
    </li>
  );
}

function Archives({ csrf, archive }: Part) {
  const away = archive.rows.some(isOnItsWay);
  if (archive.rows.length === 0) return null;
  return (
    <div id="archives" data-refresh={away ? '2' : undefined}>
      <Section title={words.list} hint={away ? words.leave : words.keep}>
        <ul class="rows">
          {archive.rows.map((row) => (
            <Archive key={row.id} row={row} csrf={csrf} />
          ))}
        </ul>
        {away && (
          <p>
            <a href="/settings/archive">{words.refresh}</a>
          </p>
        )}
      </Section>
    </div>
  );
}

function Monthly({ csrf, archive }: Part) {
  const { schedule, sizes } = archive;
  return (
    <Section title={words.monthly} hint={words.monthlyLead}>
      {schedule === null ? (
        <Form action="/settings/archive/monthly" csrf={csrf}>
          <Switch
            name="renditions"
            id="monthly-renditions"
            label={words.renditions}
            hint={words.renditionsHint(bytesText(sizes.withRenditions))}
            checked={false}
          />
          <div>
            <Button>{words.monthlyOn}</Button>
          </div>
        </Form>
      ) : (
        <>
          <p>
            {words.next}
            <DateText at={schedule.nextAt} />
            {schedule.renditions && ` (${words.withCopies})`}.
          </p>
          <PostButton action="/settings/archive/never" csrf={csrf} label={words.monthlyOff} />
        </>
      )}
    </Section>
  );
}

/**
 * POST /settings/archive {renditions}, /settings/archive/ID/remove, /settings/archive/monthly
 * {renditions} and /settings/archive/never; each with `csrf`.
 */
export function SettingsArchive({ csrf, props }: SettingsSection) {
  const { archive } = props;
  if (archive === null) return null;
  const { rows, sizes } = archive;
  return (
    <>
      <Archives csrf={csrf} archive={archive} />
      <Section title={words.title}>
        <p>{words.lead}</p>
        <p class="hint">{words.private}</p>
        {!rows.some(isOnItsWay) && (
          <Form action="/settings/archive" csrf={csrf}>
            <Switch
              name="renditions"
              label={words.renditions}
              hint={words.renditionsHint(bytesText(sizes.withRenditions))}
              checked={false}
            />
            <p class="soft">{words.size(bytesText(sizes.plain))}</p>
            <div>
              <Button look="main" icon="archive">
                {words.ask}
              </Button>
            </div>
          </Form>
        )}
      </Section>
      <Monthly csrf={csrf} archive={archive} />
    </>
  );
}
