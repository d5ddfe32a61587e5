import type { ImportView, ImportPage as Props } from '#doors/entities/import-page.ts';
import { Button } from '#web/components/button.tsx';
import { Choices } from '#web/components/choices.tsx';
import { Select } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Section } from '#web/components/section.tsx';
import { Switch } from '#web/components/switch.tsx';
import { bring as words } from '#web/text/import.ts';

/** How to take in what was read: only what the archive has is asked for. */
export function ImportChoices({
  csrf,
  props,
  view,
}: {
  csrf: string;
  props: Props;
  view: ImportView;
}) {
  const { chosen } = props;
  const has = (...kinds: string[]) =>
    view.counts.some(({ kind, outcome }) => outcome === 'planned' && kinds.includes(kind));
  const hosts = view.hosts.map(({ host, photos }) => ({
    value: host,
    label: words.fetchFrom(host, photos),
  }));
  const isList = view.format === 'csv';
  return (
    <Section title={words.choose}>
      <Form action={`/settings/import/${view.id}/start`} csrf={csrf}>
        {has('post', 'text') && (
          <Choices
            name="visibility"
            legend={words.visibility}
            options={words.visibilities}
            value={chosen.visibility}
          />
        )}
        {has('text') && (
          <Switch name="text_posts" label={words.textPosts} checked={chosen.textPosts} />
        )}
        {hosts.length > 0 && (
          <Select
            label={words.fetch}
            hint={words.fetchHint}
            name="fetch_from"
            value={chosen.fetchFrom}
            options={[{ value: '', label: words.fetchNone }, ...hosts]}
          />
        )}
        {!isList && has('follow', 'block', 'mute', 'domain', 'bookmark') && (
          <Switch
            name="people"
            label={words.people}
            hint={words.peopleHint}
            checked={chosen.people}
          />
        )}
        {has('list', 'filter') && (
          <Switch name="lists" label={words.ownLists} checked={chosen.lists} />
        )}
        {has('profile') && (
          <Switch
            name="profile"
            label={words.profile}
            hint={words.profileHint}
            checked={chosen.profile}
          />
        )}
        <div>
          <Button look="main">{words.start}</Button>
        </div>
      </Form>
    </Section>
  );
}
