import type { AdminDomainRow } from '#doors/entities/admin-page-types.ts';
import type { AdminPage, FormState } from '#doors/entities/page-types.ts';
import { Button, ButtonLink } from '#web/components/button.tsx';
import { Choices } from '#web/components/choices.tsx';
import { DateText } from '#web/components/date.tsx';
import { Field, Select, TextArea } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Notice } from '#web/components/notice.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { Section } from '#web/components/section.tsx';
import { domains as words } from '#web/text/domains.ts';
import { site } from '#web/text/site.ts';

type Props = Extract<AdminPage, { section: 'domains' }>;

function NewRule({ csrf, form }: { csrf: string; form: FormState }) {
  return (
    <Form action="/admin/domains" csrf={csrf}>
      <Field
        label={words.domain}
        name="domain"
        hint={words.domainHint}
        autocapitalize="none"
        spellcheck={false}
        required
        maxLength={300}
        value={form.values.domain ?? ''}
        error={form.errors.domain}
      />
      <Choices
        name="rule"
        legend={words.rule}
        options={words.choices}
        value={form.values.rule ?? ''}
        error={form.errors.rule}
      />
      <Field
        label={`${words.reason} (${site.optional})`}
        name="reason"
        hint={words.reasonHint}
        maxLength={1000}
        value={form.values.reason ?? ''}
        error={form.errors.reason}
      />
      <Field
        label={`${words.note} (${site.optional})`}
        name="note"
        maxLength={1000}
        value={form.values.note ?? ''}
        error={form.errors.note}
      />
      <div>
        <Button look="main">{words.go}</Button>
      </div>
    </Form>
  );
}

function Rule({ csrf, row }: { csrf: string; row: AdminDomainRow }) {
  return (
    <li class="row spread">
      <div>
        <p>{row.domain}</p>
        <p class="small soft">
          {`${words.rules[row.rule]}, ${words.since} `}
          <DateText at={row.createdAt} />
          {row.reason !== '' && ` · ${row.reason}`}
        </p>
        {row.note !== '' && <p class="small soft">{row.note}</p>}
      </div>
      <PostButton
        action="/admin/domains/remove"
        csrf={csrf}
        label={words.remove}
        fields={{ domain: row.domain }}
        small
      />
    </li>
  );
}

function Lists({ csrf, form }: { csrf: string; form: FormState }) {
  return (
    <Section title={words.lists} hint={words.listsHint}>
      <div class="row">
        <ButtonLink href="/admin/domains/blocks.csv">{words.exportBlocks}</ButtonLink>
        <ButtonLink href="/admin/domains/allowed.csv">{words.exportAllowed}</ButtonLink>
      </div>
      <Form action="/admin/domains/import" csrf={csrf}>
        <TextArea
          label={words.paste}
          name="list"
          hint={words.pasteHint}
          rows={4}
          required
          value={form.values.list ?? ''}
          error={form.errors.list}
        />
        <Select
          label={words.without}
          name="as"
          value={form.values.as ?? 'block'}
          options={words.choices}
        />
        <div>
          <Button>{words.importGo}</Button>
        </div>
      </Form>
    </Section>
  );
}

/**
 * POST /admin/domains {domain, rule: block|limit|allow, reason, note}, /admin/domains/remove {domain},
 * /admin/domains/import {list, as}; each with `csrf`.
 */
export function AdminDomains({ csrf, props }: { csrf: string; props: Props }) {
  const { block, limit, allow } = props.counts;
  return (
    <>
      {props.form.problem && <Notice kind="problem" text={props.form.problem} />}
      <Section title={words.newRule} hint={words.speaksWith[props.speaksWith]}>
        {props.speaksWith === 'off' && (
          <div>
            <ButtonLink href="/admin/settings">{words.toSettings}</ButtonLink>
          </div>
        )}
        <NewRule csrf={csrf} form={props.form} />
      </Section>
      {props.skipped.length > 0 && (
        <Section title={words.skipped}>
          <ul class="rows">
            {props.skipped.map(({ line, domain, why }) => (
              <li key={line} class="small">
                {words.skippedLine(line, domain, why)}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={words.list(block + limit + allow)}>
        {props.domains.length === 0 ? (
          <p class="soft">{words.empty}</p>
        ) : (
          <ul class="rows">
            {props.domains.map((row) => (
              <Rule key={row.domain} csrf={csrf} row={row} />
            ))}
          </ul>
        )}
        {props.next && <ButtonLink href={props.next}>{words.more}</ButtonLink>}
      </Section>
      <Lists csrf={csrf} form={props.form} />
    </>
  );
}
