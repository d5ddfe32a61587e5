import { render } from 'preact';
import type { ComposePage } from '#doors/entities/page-types.ts';
import { callApi } from '#web/client/api.ts';
import { createComposer } from '#web/client/composer.ts';
import { emptyDraft } from '#web/client/composer-box.ts';
import { isEmptyDraft } from '#web/client/draft.ts';
import { openDraftStore } from '#web/client/draft-store.ts';
import { readStorage } from '#web/client/read-storage.ts';
import { uploadFile } from '#web/client/upload.ts';
import { ComposeApp } from '#web/components/compose-app.tsx';
import { composing as words } from '#web/text/composing.ts';

type Data = ComposePage & { csrf: string; account: string };

/** `crypto.randomUUID` is missing where a page comes over plain http from another machine. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Takes over the form of `/compose` with what the visitor left here last time, if anything. */
function mountComposer(): void {
  const place = document.getElementById('compose');
  const text = document.getElementById('compose-data')?.textContent;
  if (!place || !text) return;
  const data = JSON.parse(text) as Data;
  const { limits, csrf, storage, form } = data;
  const store = openDraftStore(data.account);
  const kept = store.load();
  const { caption, visibility, place: where, licence, spoiler } = form.values;
  const typed = {
    ...(caption ? { caption } : {}),
    ...(visibility ? { visibility } : {}),
    ...(where ? { place: where } : {}),
    ...(licence ? { licence } : {}),
    ...(spoiler ? { spoiler } : {}),
  };
  const composer = createComposer(
    {
      limits,
      store,
      api: (method, path, body, headers) => callApi(method, path, csrf, body, headers),
      upload: (options) => uploadFile({ ...options, csrf }),
      storage,
      readStorage: () => readStorage(csrf),
      newKey,
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      lost: words.lost,
    },
    kept ?? emptyDraft(newKey(), limits, typed),
  );
  place.replaceChildren();
  render(
    <ComposeApp
      composer={composer}
      limits={limits}
      restored={kept !== null && !isEmptyDraft(kept)}
      problem={form.problem}
      onPublished={(address) => location.assign(new URL(address, location.href).pathname)}
    />,
    place,
  );
  void composer.resume();
}

mountComposer();
