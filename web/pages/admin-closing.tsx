import type { ClosingRow } from '#doors/entities/admin-page-types.ts';
import type { AdminPage, Shell } from '#doors/entities/page-types.ts';
import { bytesText } from '#web/client/bytes.ts';
import { Ask } from '#web/components/ask.tsx';
import { CopyField } from '#web/components/copy-field.tsx';
import { DateText } from '#web/components/date.tsx';
import { Field, TextArea } from '#web/components/field.tsx';
import { Notice } from '#web/components/notice.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { Section } from '#web/components/section.tsx';
import { closing as words } from '#web/text/closing.ts';
import { site } from '#web/text/site.ts';

type Props = Extract<AdminPage, { section: 'closing' }>;

function Announce({ csrf, shell, props }: { csrf: string; shell: Shell; props: Props }) {
  const { form } = props;
  const known = shell.closing;
  return (
    <Ask
      label={known === null ? words.announce : words.change}
      question={words.ask}
      yes={known === null ? words.go : words.changeGo}
      action="/admin/closing"
      csrf={csrf}
      icon="about"
      open={form.problem !== null}
    >
      <Field
        label={words.day}
        name="closes"
        type="date"
        required
        value={form.values.closes ?? known?.at.slice(0, 10) ?? ''}
        error={form.errors.closes}
      />
      <TextArea
        label={`${words.message} (${site.optional})`}
        name="message"
        hint={words.messageHint}
        maxLength={2000}
        value={form.values.message ?? known?.message ?? ''}
        error={form.errors.message}
      />
      <Field
        label={site.password}
        name="password"
        type="password"
        autocomplete="current-password"
        required
        error={form.errors.password}
      />
    </Ask>
  );
}

function Announced({ csrf, shell, owner }: { csrf: string; shell: Shell; owner: boolean }) {
  if (shell.closing === null) return null;
  return (
    <div class="stack">
      <p>
        {shell.closing.over ? words.over : words.ends}
        <DateText at={shell.closing.at} />.
      </p>
      {owner && (
        <Ask
          label={words.callOff}
          question={words.callOffAsk}
          yes={words.callOff}
          action="/admin/closing/call-off"
          csrf={csrf}
          icon="retry"
        />
      )}
    </div>
  );
}

function Person({ row }: { row: ClosingRow }) {
  return (
    <li class="row spread">
      <a href={`/@${row.username}`}>{row.displayName || row.username}</a>
      <span class="small soft">
        {row.movedTo === null ? words.archives[row.archive] : words.moved(row.movedTo)}
      </span>
    </li>
  );
}

function Copy({ csrf, copy }: { csrf: string; copy: Props['copy'] }) {
  if (copy.state === 'closed') return <p class="soft">{words.copyClosed}</p>;
  if (copy.state === 'working') return <p role="status">{words.copyWorking}</p>;
  return (
    <>
      {copy.state === 'failed' && (
        <Notice kind="problem" text={`${words.copyFailed}${copy.error}`} />
      )}
      {copy.state === 'done' && (
        <CopyField
          id="site-copy"
          label={words.copyDone(copy.pages, bytesText(copy.bytes))}
          hint={words.copyHint}
          value={copy.path}
        />
      )}
      <PostButton
        action="/admin/closing/copy"
        csrf={csrf}
        label={copy.state === 'done' ? words.copyAgain : words.copyGo}
      />
    </>
  );
}

/** POST /admin/closing {closes, message, password}, /admin/closing/call-off, /admin/closing/copy; each with `csrf`. */
export function AdminClosing({ csrf, shell, props }: { csrf: string; shell: Shell; props: Props }) {
  return (
    <>
      {props.form.problem && <Notice kind="problem" text={props.form.problem} />}
      <p>{words.lead}</p>
      <Section title={shell.closing === null ? words.announce : words.announced}>
        <Announced csrf={csrf} shell={shell} owner={props.owner} />
        {shell.closing === null && <p class="soft">{words.announceLead}</p>}
        {props.owner ? (
          <Announce csrf={csrf} shell={shell} props={props} />
        ) : (
          <p class="soft">{words.ownerOnly}</p>
        )}
      </Section>
      {shell.closing !== null && (
        <Section title={words.people}>
          <ul class="rows">
            {props.people.map((row) => (
              <Person key={row.username} row={row} />
            ))}
          </ul>
        </Section>
      )}
      <Section title={words.copy} hint={words.copyLead}>
        <Copy csrf={csrf} copy={props.copy} />
      </Section>
    </>
  );
}
