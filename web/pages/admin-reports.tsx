import type {
  AdminPage,
  AdminReportRow,
  AdminReport as Report,
} from '#doors/entities/page-types.ts';
import type { AccountJson } from '#doors/entities/types.ts';
import { displayName, postPath, profilePath } from '#web/client/address.ts';
import { Ask } from '#web/components/ask.tsx';
import { Button } from '#web/components/button.tsx';
import { DateText } from '#web/components/date.tsx';
import { TextArea } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Html } from '#web/components/html.tsx';
import { Notice } from '#web/components/notice.tsx';
import { Pager } from '#web/components/pager.tsx';
import { PhotoGrid } from '#web/components/photo-grid.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { Section } from '#web/components/section.tsx';
import { reports as words } from '#web/text/federation.ts';

const nameOf = (target: AccountJson | null) =>
  target === null ? words.gone : `${displayName(target)} (@${target.acct})`;

function Row({ row }: { row: AdminReportRow }) {
  return (
    <li class="stack">
      <div>
        <p>
          <a class="post-name" href={`/admin/reports/${row.id}`}>
            <bdi>{words.about(nameOf(row.target))}</bdi>
          </a>
        </p>
        <p class="small soft">
          {`${words.from(row.from)}, ${words.posts(row.posts)}, `}
          <DateText at={row.createdAt} />
        </p>
      </div>
      {row.comment !== '' && <p class="report-words">{row.comment}</p>}
    </li>
  );
}

/** `/admin/reports`, the closed ones at `?closed`: what people here and other servers complain about. */
export function AdminReports({ props }: { props: Extract<AdminPage, { section: 'reports' }> }) {
  const { closed, reports } = props;
  return (
    <>
      <nav class="row" aria-label={words.all}>
        <a href="/admin/reports" aria-current={closed ? undefined : 'page'}>
          {words.open}
        </a>
        <a href="/admin/reports?closed=1" aria-current={closed ? 'page' : undefined}>
          {words.closed}
        </a>
      </nav>
      {reports.length === 0 ? (
        <p class="soft">{closed ? words.noneClosed : words.none}</p>
      ) : (
        <ul class="rows">
          {reports.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </ul>
      )}
      <Pager newer={props.newer} older={props.older} />
    </>
  );
}

type Part = { csrf: string; report: Report };

function Posts({ csrf, report }: Part) {
  if (report.content.length === 0) return <p class="soft">{words.noContent}</p>;
  return (
    <ul class="rows">
      {report.content.map(({ post, hidden }) => (
        <li class="stack" key={post.id}>
          {post.media_attachments.length > 0 && (
            <div class="report-photo">
              <PhotoGrid posts={[post]} shape="square" />
            </div>
          )}
          {post.content !== '' && <Html className="caption" html={post.content} />}
          <p class="small soft">
            <a href={postPath(post)}>
              <DateText at={post.created_at} />
            </a>
            {hidden && ` · ${words.hidden}`}
          </p>
          <PostButton
            action={`/admin/reports/${report.id}/${hidden ? 'show' : 'hide'}`}
            csrf={csrf}
            label={hidden ? words.show : words.hide}
            fields={{ post: post.id }}
            small
          />
        </li>
      ))}
    </ul>
  );
}

function Notes({ csrf, report }: Part) {
  return (
    <Section title={words.notes} hint={words.notesHint}>
      {report.notes.length > 0 && (
        <ul class="rows">
          {report.notes.map((note) => (
            <li key={note.id}>
              <p class="report-words">{note.text}</p>
              <p class="small soft">
                {`${note.by}, `}
                <DateText at={note.at} />
              </p>
            </li>
          ))}
        </ul>
      )}
      <Form action={`/admin/reports/${report.id}/note`} csrf={csrf}>
        <TextArea label={words.note} name="text" rows={3} maxLength={2000} required />
        <div>
          <Button>{words.noteGo}</Button>
        </div>
      </Form>
    </Section>
  );
}

function Acts({ csrf, report }: Part) {
  const { target } = report;
  const here = `/admin/reports/${report.id}`;
  const next = <input type="hidden" name="next" value={here} />;
  return (
    <div class="row">
      <PostButton
        action={`${here}/${report.closedAt === null ? 'close' : 'reopen'}`}
        csrf={csrf}
        label={report.closedAt === null ? words.close : words.reopen}
        look={report.closedAt === null ? 'main' : 'plain'}
        small
      />
      {target !== null &&
        (report.targetSuspended ? (
          <PostButton
            action={`/admin/accounts/${target.id}/restore`}
            csrf={csrf}
            label={words.restore}
            fields={{ next: here }}
            small
          />
        ) : (
          <Ask
            label={words.suspend}
            question={words.suspendAsk}
            yes={words.suspend}
            action={`/admin/accounts/${target.id}/suspend`}
            csrf={csrf}
            icon="lock"
          >
            {next}
          </Ask>
        ))}
    </div>
  );
}

/**
 * `/admin/reports/ID`. POST /hide and /show {post}, /note {text}, /close, /reopen below it, and
 * /admin/accounts/ID/suspend {next}; each with `csrf`.
 */
export function AdminReport({
  csrf,
  props,
}: {
  csrf: string;
  props: Extract<AdminPage, { section: 'report' }>;
}) {
  const { report, form } = props;
  return (
    <>
      {form.problem && <Notice kind="problem" text={form.problem} />}
      <section class="stack">
        <p>
          <a href="/admin/reports">{words.all}</a>
        </p>
        <h2>
          {report.target === null ? (
            words.about(words.gone)
          ) : (
            <a href={profilePath(report.target)}>
              <bdi>{words.about(nameOf(report.target))}</bdi>
            </a>
          )}
        </h2>
        <p class="small soft">
          {`${words.from(report.from)}, `}
          <DateText at={report.createdAt} />
          {report.closedAt !== null && ` · ${words.closedOn}`}
          {report.closedAt !== null && <DateText at={report.closedAt} />}
          {report.closedBy !== null && words.by(report.closedBy)}
        </p>
        <p class={report.comment === '' ? 'soft' : 'report-words'}>
          {report.comment || words.noComment}
        </p>
        <Acts csrf={csrf} report={report} />
      </section>
      <Section title={words.content}>
        <Posts csrf={csrf} report={report} />
      </Section>
      <Notes csrf={csrf} report={report} />
    </>
  );
}
