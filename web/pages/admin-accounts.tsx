import type { AdminAccountRow, AdminPage, Shell } from '#doors/entities/page-types.ts';
import { Ask } from '#web/components/ask.tsx';
import { Button } from '#web/components/button.tsx';
import { CopyField } from '#web/components/copy-field.tsx';
import { DateText } from '#web/components/date.tsx';
import { Field, Select } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Notice } from '#web/components/notice.tsx';
import { Pager } from '#web/components/pager.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { StorageMeter } from '#web/components/storage-meter.tsx';
import { admin as words } from '#web/text/admin.ts';
import { posts } from '#web/text/posts.ts';

type Row = { csrf: string; row: AdminAccountRow; shell: Shell };
const gigabyte = 1_000_000_000;

function Limits({ csrf, row }: Row) {
  const path = `/admin/accounts/${row.id}`;
  const quota = row.storage.quotaBytes;
  return (
    <>
      <Form action={`${path}/quota`} csrf={csrf} className="form-line">
        <Field
          label={words.quota}
          id={`quota-${row.id}`}
          name="quota_gb"
          inputMode="decimal"
          hint={words.quotaHint}
          value={quota === null ? '' : String(Number((quota / gigabyte).toFixed(3)))}
        />
        <Button>{words.quotaGo}</Button>
      </Form>
      {row.role !== 'owner' && (
        <Form action={`${path}/role`} csrf={csrf} className="form-line">
          <Select
            label={words.role}
            id={`role-${row.id}`}
            name="role"
            value={row.role}
            options={[
              { value: 'member', label: words.roles.member },
              { value: 'admin', label: words.roles.admin },
            ]}
          />
          <Button>{words.roleGo}</Button>
        </Form>
      )}
    </>
  );
}

function Acts({ csrf, row, shell }: Row) {
  const path = `/admin/accounts/${row.id}`;
  const own = shell.viewer?.account.id === row.id;
  return (
    <div class="row">
      <PostButton action={`${path}/reset`} csrf={csrf} label={words.resetGo} small />
      {!own && row.role !== 'owner' && (
        <>
          {row.state === 'suspended' ? (
            <PostButton action={`${path}/restore`} csrf={csrf} label={words.restore} small />
          ) : (
            <Ask
              label={words.suspend}
              question={words.suspendAsk}
              yes={words.suspend}
              action={`${path}/suspend`}
              csrf={csrf}
              icon="lock"
            />
          )}
          {shell.viewer?.role === 'owner' && row.state === 'active' && (
            <Ask
              label={words.handOver}
              question={words.handOverAsk}
              yes={words.handOver}
              action={`${path}/role`}
              csrf={csrf}
              icon="lock"
            >
              <input type="hidden" name="role" value="owner" />
            </Ask>
          )}
          <Ask
            label={words.remove}
            question={words.removeAsk}
            yes={words.removeYes}
            action={`${path}/delete`}
            csrf={csrf}
          />
        </>
      )}
    </div>
  );
}

function Person({ csrf, row, shell }: Row) {
  return (
    <li class="stack">
      <div class="row spread">
        <div>
          <p>
            <a class="post-name" href={`/@${encodeURIComponent(row.username)}`}>
              {row.displayName || row.username}
            </a>
          </p>
          <p class="small soft">
            {`@${row.username}, ${row.email || words.noEmail}, ${posts.countPosts(row.posts)}, ${words.since} `}
            <DateText at={row.createdAt} />
          </p>
        </div>
        <p class="row">
          {row.role !== 'member' && <span class="badge">{words.roles[row.role]}</span>}
          {row.state !== 'active' && (
            <span class="badge badge-danger">{words.states[row.state]}</span>
          )}
        </p>
      </div>
      <StorageMeter storage={row.storage} />
      <details class="panel">
        <summary>{words.manage(row.displayName || row.username)}</summary>
        <div class="stack">
          <Limits csrf={csrf} row={row} shell={shell} />
          <Acts csrf={csrf} row={row} shell={shell} />
        </div>
      </details>
    </li>
  );
}

/**
 * POST /admin/accounts/ID/suspend, /restore, /reset, /delete, /quota {quota_gb; empty: no limit},
 * /role {role: member|admin|owner}; each with `csrf`. `/reset` answers with the page and its one-time link.
 */
export function AdminAccounts({
  csrf,
  shell,
  props,
}: {
  csrf: string;
  shell: Shell;
  props: Extract<AdminPage, { section: 'accounts' }>;
}) {
  return (
    <>
      {props.form.problem && <Notice kind="problem" text={props.form.problem} />}
      {props.resetLink && (
        <CopyField
          id="reset-link"
          label={words.resetLink}
          hint={words.resetLinkHint}
          value={props.resetLink}
        />
      )}
      <ul class="rows">
        {props.accounts.map((row) => (
          <Person key={row.id} csrf={csrf} row={row} shell={shell} />
        ))}
      </ul>
      <Pager newer={props.newer ?? null} older={props.older ?? null} />
    </>
  );
}
