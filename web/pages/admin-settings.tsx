import type { AdminSettingRow } from '#doors/entities/admin-page-types.ts';
import type { AdminPage, FormState } from '#doors/entities/page-types.ts';
import { Button } from '#web/components/button.tsx';
import { Field, Select, TextArea } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Notice } from '#web/components/notice.tsx';
import { Switch } from '#web/components/switch.tsx';
import { admin as words } from '#web/text/admin.ts';
import { site } from '#web/text/site.ts';

function Setting({ row, form }: { row: AdminSettingRow; form: FormState }) {
  const name = row.key;
  const id = `setting-${row.key.replaceAll('.', '-')}`;
  const value = row.pinned ? row.value : (form.values[name] ?? row.value);
  const hint = row.pinned ? `${row.help} ${words.pinned}` : row.help;
  const error = form.errors[name];
  switch (row.kind) {
    case 'paragraph':
      return row.pinned ? (
        <Field id={id} name={name} label={row.label} hint={hint} value={value} readOnly />
      ) : (
        <TextArea id={id} name={name} label={row.label} hint={hint} error={error} value={value} />
      );
    case 'choice':
      return (
        <Select
          id={id}
          name={name}
          label={row.label}
          hint={hint}
          error={error}
          value={value}
          options={row.choices}
          disabled={row.pinned}
        />
      );
    case 'switch':
      return (
        <Switch
          id={id}
          name={name}
          label={row.label}
          hint={hint}
          checked={value === '1' || value === 'true'}
          disabled={row.pinned}
        />
      );
    default:
      return (
        <Field
          id={id}
          name={name}
          label={row.label}
          hint={hint}
          error={error}
          value={value}
          readOnly={row.pinned}
        />
      );
  }
}

/**
 * POST /admin/settings: `csrf` and one field named after the key of each setting that is not pinned;
 * a switch sends 1 or is missing; `bytes` is text such as `20 GB`.
 */
export function AdminSettings({
  csrf,
  props,
}: {
  csrf: string;
  props: Extract<AdminPage, { section: 'settings' }>;
}) {
  return (
    <Form action="/admin/settings" csrf={csrf}>
      {props.form.problem && <Notice kind="problem" text={props.form.problem} />}
      {props.settings.map((row) => (
        <Setting key={row.key} row={row} form={props.form} />
      ))}
      <div>
        <Button look="main">{site.save}</Button>
      </div>
    </Form>
  );
}
