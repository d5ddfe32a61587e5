import type { ImportView, ImportPage as Props } from '#doors/entities/import-page.ts';
import type { Shell } from '#doors/entities/page-types.ts';
import { bytesText } from '#web/client/bytes.ts';
import { Ask } from '#web/components/ask.tsx';
import { Button, ButtonLink } from '#web/components/button.tsx';
import { DateText } from '#web/components/date.tsx';
import { Field, Select } from '#web/components/field.tsx';
import { Notice } from '#web/components/notice.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { Section } from '#web/components/section.tsx';
import { SettingsTabs } from '#web/components/settings-tabs.tsx';
import { bring as words } from '#web/text/import.ts';
import { ImportChoices } from './import-choices.tsx';

type Part = { csrf: string; props: Props };
type ViewPart = Part & { view: ImportView };

function Upload({ csrf, props, view }: Part & { view: ImportView | null }) {
  return (
    <Section title={words.fileTitle} hint={words.fileHint}>
      <form
        method="post"
        action="/settings/import"
        enctype="multipart/form-data"
        class="form"
        data-import-upload={view?.id ?? ''}
        data-import-name={view?.fileName}
        data-import-bytes={view?.bytes}
      >
        <input type="hidden" name="csrf" value={csrf} />
        <Field
          label={words.file}
          name="archive"
          type="file"
          accept=".zip,.gz,.tgz,.tar,.json,.csv"
          required
          error={props.form.errors.archive}
        />
        <Select
          label={words.list}
          hint={words.listHint}
          name="list"
          value=""
          options={Object.entries(words.lists).map(([value, label]) => ({ value, label }))}
        />
        <progress class="import-progress" max={1} value={0} hidden aria-label={words.file} />
        <p class="small" role="status" data-import-says="" />
        <div>
          <Button look="main">{words.go}</Button>
        </div>
        <p class="hint">{words.goHint}</p>
      </form>
    </Section>
  );
}

function Counts({ view }: { view: ImportView }) {
  if (view.counts.length === 0) return null;
  const order = Object.keys(words.kinds);
  const counts = [...view.counts].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const nameOf = (kind: string, count: number) =>
    (count === 1 ? words.one : words.kinds)[kind] ?? kind;
  return (
    <Section title={words.found}>
      <ul class="rows">
        {counts.map(({ kind, outcome, reason, count }) => (
          <li class="row" key={`${kind} ${outcome} ${reason}`}>
            <span>
              <span class="number">{count.toLocaleString('en')}</span>{' '}
              {`${nameOf(kind, count)}: ${words.outcomes[outcome] ?? outcome}`}
              {reason !== null && <span class="hint">{reason}</span>}
            </span>
          </li>
        ))}
      </ul>
      {view.odd > 0 && <p class="hint">{words.odd(view.odd)}</p>}
    </Section>
  );
}

function Room({ props, view }: { props: Props; view: ImportView }) {
  if (view.needed === 0) return null;
  const { quotaBytes, usedBytes } = props.storage;
  const left = quotaBytes === null ? null : Math.max(0, quotaBytes - usedBytes);
  const says = left === null ? words.roomFree : words.roomLeft(bytesText(left));
  return (
    <>
      <p>{words.room(bytesText(view.needed), says)}</p>
      {left !== null && view.needed > left && <Notice kind="problem" text={words.roomShort} />}
    </>
  );
}

function Progress({ view }: { view: ImportView }) {
  const isRead = view.total > 0;
  return (
    <div data-import-watch={view.id}>
      {view.state === 'uploaded' || view.state === 'reading' ? <p>{words.readLead}</p> : null}
      <progress
        class="import-progress"
        {...(isRead ? { max: view.total, value: view.done } : {})}
        aria-label={words.states[view.state]}
      />
      {isRead && (
        <p class="small number" data-import-says="">
          {words.of(view.done, view.total)}
        </p>
      )}
      <noscript>
        <p>
          <a href={`/settings/import/${view.id}`}>{words.look}</a>
        </p>
      </noscript>
    </div>
  );
}

function Acts({ csrf, view }: { csrf: string; view: ImportView }) {
  const { id, state, hasFile } = view;
  const at = (act: string) => `/settings/import/${id}/${act}`;
  const failed = view.counts.some(({ outcome }) => outcome === 'failed');
  const brought = view.counts.some(({ outcome }) => outcome === 'done');
  const goesOn = hasFile && (state === 'paused' || (state === 'done' && failed));
  const ends = ['uploading', 'uploaded', 'reading', 'read', 'importing', 'paused'].includes(state);
  const again = { again: '1' };
  return (
    <div class="import-acts">
      {goesOn && (
        <PostButton
          action={at('start')}
          csrf={csrf}
          look="main"
          small
          fields={again}
          label={state === 'paused' ? words.goOn : words.again}
        />
      )}
      {state === 'importing' && (
        <PostButton action={at('pause')} csrf={csrf} label={words.pause} small />
      )}
      {state === 'failed' && (
        <ButtonLink href="/settings/import" small>
          {words.another}
        </ButtonLink>
      )}
      {ends && <PostButton action={at('cancel')} csrf={csrf} label={words.cancel} small />}
      {brought && ['paused', 'done', 'cancelled'].includes(state) && (
        <Ask
          label={words.undo}
          question={words.undoAsk}
          yes={words.undo}
          action={at('undo')}
          csrf={csrf}
        />
      )}
    </div>
  );
}

function Troubles({ view }: { view: ImportView }) {
  if (view.troubles.length === 0) return null;
  return (
    <Section title={words.troubles}>
      <ul class="rows">
        {view.troubles.map(({ label, outcome, reason }) => (
          <li class="row" key={`${label} ${reason}`}>
            <span>
              <bdi>{label === '' ? '–' : label}</bdi>
              <span class="hint">{`${words.outcomes[outcome] ?? outcome}: ${reason ?? ''}`}</span>
            </span>
          </li>
        ))}
      </ul>
      <p>
        <a href={`/settings/import/${view.id}/report.csv`}>{words.csv}</a>
      </p>
    </Section>
  );
}

/** Before it is taken in, and after photos were not fetched that could be. */
function canChoose({ state, hasFile, hosts, counts }: ImportView): boolean {
  if (state === 'read') return true;
  const failed = counts.some(({ outcome }) => outcome === 'failed');
  return hasFile && state === 'done' && failed && hosts.length > 0;
}

function View({ csrf, props, view }: ViewPart) {
  const isAtWork = ['uploaded', 'reading', 'importing', 'removing'].includes(view.state);
  const from = view.format === null ? '' : ` · ${words.from[view.format] ?? view.format}`;
  return (
    <>
      <Section title={`${view.fileName}${from}`} hint={words.states[view.state]}>
        {view.detail !== null && <Notice kind="problem" text={view.detail} />}
        {view.state === 'uploading' && (
          <p>{`${words.came(bytesText(view.offset), bytesText(view.bytes))} ${words.resume}`}</p>
        )}
        {isAtWork && <Progress view={view} />}
        {view.state === 'read' && <Room props={props} view={view} />}
        <Acts csrf={csrf} view={view} />
      </Section>
      {view.state === 'uploading' && <Upload csrf={csrf} props={props} view={view} />}
      <Counts view={view} />
      {canChoose(view) && <ImportChoices csrf={csrf} props={props} view={view} />}
      <Troubles view={view} />
    </>
  );
}

/** `/settings/import` and `/settings/import/ID`: POST …/{start,pause,cancel,undo}; each with `csrf`. */
export function ImportPage({ shell, props }: { shell: Shell; props: Props }) {
  const csrf = shell.viewer?.csrf ?? '';
  const { view, recent } = props;
  return (
    <>
      <div class="page-head inset">
        <h1>{words.title}</h1>
      </div>
      <SettingsTabs shell={shell} here="import" />
      <div class="inset stack-wide">
        {view !== null && (
          <p>
            <a href="/settings/import">{words.all}</a>
          </p>
        )}
        {props.form.problem && <Notice kind="problem" text={props.form.problem} />}
        {view === null ? (
          <>
            <p>{words.lead}</p>
            <Upload csrf={csrf} props={props} view={null} />
          </>
        ) : (
          <View csrf={csrf} props={props} view={view} />
        )}
        {view === null && recent.length > 0 && (
          <Section title={words.recent}>
            <ul class="rows">
              {recent.map(({ id, fileName, state, createdAt }) => (
                <li class="row spread" key={id}>
                  <a href={`/settings/import/${id}`}>
                    <bdi>{fileName}</bdi>
                  </a>
                  <span class="soft small">
                    {`${words.states[state]} · `}
                    <DateText at={createdAt} />
                  </span>
                </li>
              ))}
            </ul>
          </Section>
        )}
      </div>
    </>
  );
}
