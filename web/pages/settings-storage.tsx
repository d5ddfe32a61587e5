import { PhotoGrid } from '#web/components/photo-grid.tsx';
import { Section } from '#web/components/section.tsx';
import { StorageMeter } from '#web/components/storage-meter.tsx';
import { bring } from '#web/text/import.ts';
import { settings as words } from '#web/text/settings.ts';
import type { SettingsSection } from './settings-section.ts';

/** How much room the photos take, and the posts that are put away. No form. */
export function SettingsStorage({ props }: SettingsSection) {
  return (
    <>
      <Section title={words.sections.storage} hint={words.storageLead}>
        <StorageMeter storage={props.storage} detail />
      </Section>
      <Section title={bring.title} hint={bring.linkHint}>
        <p>
          <a href="/settings/import">{bring.link}</a>
        </p>
      </Section>
      <Section title={words.archivedTitle}>
        {props.archived.length === 0 ? (
          <p class="soft">{words.archivedEmpty}</p>
        ) : (
          <PhotoGrid posts={props.archived} shape="square" />
        )}
      </Section>
    </>
  );
}
