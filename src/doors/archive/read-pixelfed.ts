import type { ImportItem, PlannedPhoto, PlannedPost } from './import-item.ts';
import { importWords as words } from './import-words.ts';
import type { OpenArchive } from './read-archive.ts';
import { readElements } from './read-elements.ts';
import { type NoteContext, planActivity } from './read-note.ts';
import { planPost, readTime, skipPost, textFromHtml } from './read-post.ts';
import { asList, asNumber, asObject, asText, type Unknown } from './read-values.ts';

const VISIBILITY: Readonly<Record<string, PlannedPost['visibility']>> = {
  public: 'public',
  unlisted: 'unlisted',
  private: 'followers',
  archived: 'self',
};

/**
 * Plans Pixelfed's export: a JSON list of its statuses, or of what its outbox had. It has no photos;
 * their addresses are kept for whoever wants them fetched.
 */
export async function* planPixelfed(archive: OpenArchive, now: number): AsyncGenerator<ImportItem> {
  const name = archive.kind === 'json' ? archive.names[0] : 'pixelfed-statuses.json';
  const file = name === undefined ? null : archive.find(name);
  if (file === null) return;
  const known = new Set<string>();
  const context: NoteContext = { now, known, photo: remotePhoto };
  for await (const { value } of readElements(archive.text(file))) {
    const thing = asObject(value);
    const isNote = 'attributedTo' in thing || 'object' in thing || '@context' in thing;
    const item = isNote ? planActivity(thing, context) : planStatus(thing, now, known);
    if (item.skip === null) known.add(item.source);
    yield item;
  }
}

function planStatus(status: Unknown, now: number, known: ReadonlySet<string>): ImportItem {
  const source = asText(status.uri) || asText(status.url);
  const caption = asText(status.content_text) || textFromHtml(asText(status.content));
  if (source === '') return skipPost('', caption, words.broken);
  if (status.reblog) return skipPost(source, caption, words.boost);
  const type = asText(status.pf_type);
  if (type.startsWith('story')) return skipPost(source, caption, words.story);
  if (asText(status.visibility) === 'direct') return skipPost(source, '', words.message);
  const parent = asText(asObject(status.parent).uri) || asText(asObject(status.parent).url);
  const answers = status.in_reply_to_id !== null && status.in_reply_to_id !== undefined;
  if (answers && !known.has(parent)) return skipPost(source, caption, words.answer);
  const files = asList(status.media_attachments).map(asObject);
  const pictures = files.filter((file) => asText(file.type) === 'image');
  const videos = files.length - pictures.length;
  return planPost(
    {
      source,
      caption,
      publishedAt: readTime(status.created_at),
      editedAt: readTime(status.edited_at),
      archived: asText(status.visibility) === 'archived' || type === 'archived',
      visibility: VISIBILITY[asText(status.visibility)] ?? 'followers',
      spoiler: asText(status.spoiler_text),
      sensitive: status.sensitive === true,
      language: asText(status.language) || null,
      licence: licenceOf(pictures[0]),
      place: placeOf(asObject(status.place)),
      commentsDisabled: status.comments_disabled === true,
      replyTo: answers ? parent : null,
      photos: pictures.map(planPhoto),
      notes: videos > 0 ? [pictures.length > 0 ? words.videoLeft : words.video] : [],
    },
    now,
  );
}

function planPhoto(file: Unknown): PlannedPhoto {
  const url = asText(file.url) || asText(file.remote_url);
  const focus = asObject(asObject(file.meta).focus);
  return {
    ...remotePhoto(url),
    name: url.split('/').pop() ?? '',
    sha256: null,
    description: asText(file.description),
    focus: { x: asNumber(focus.x) ?? 0, y: asNumber(focus.y) ?? 0 },
    edits: null,
  };
}

function remotePhoto(url: string): Pick<PlannedPhoto, 'place' | 'url' | 'bytes'> {
  const isWeb = /^https?:\/\//i.test(url) && URL.canParse(url) && url.length < 2000;
  return { place: null, url: isWeb ? url : null, bytes: 0 };
}

function licenceOf(file: Unknown | undefined): string | null {
  const { license } = file ?? {};
  const id = typeof license === 'object' ? asObject(license).id : license;
  return typeof id === 'number' || typeof id === 'string' ? String(id) : null;
}

function placeOf(place: Unknown): string {
  return [asText(place.name), asText(place.country)].filter((part) => part !== '').join(', ');
}
