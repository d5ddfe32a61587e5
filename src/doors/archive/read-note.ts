import type { ImportItem, PlannedPhoto, PlannedPost } from './import-item.ts';
import { importWords as words } from './import-words.ts';
import { planPost, readTime, skipPost, textFromHtml } from './read-post.ts';
import { asList, asNumber, asObject, asText, type Unknown } from './read-values.ts';

const PUBLIC = /^(?:https:\/\/www\.w3\.org\/ns\/activitystreams#|as:)?Public$/;
const NOTES = new Set(['Note', 'Image', 'Article', 'Page', 'Video']);
const PICTURE = /\.(?:jpe?g|png|webp|gif|avif|hei[cf])$/i;

/** What the notes of an archive have in common. */
export type NoteContext = {
  now: number;
  /** Ids of own posts that were planned before. */
  known: ReadonlySet<string>;
  /** The photo behind an address of the archive. */
  photo(url: string): Pick<PlannedPhoto, 'place' | 'url' | 'bytes'>;
};

/** Plans one thing of an outbox (ActivityStreams): a Create or a bare Note; everything else is told. */
export function planActivity(value: unknown, context: NoteContext): ImportItem {
  const activity = asObject(value);
  const type = asText(activity.type);
  const source = asText(activity.id);
  if (type === 'Announce') return skipPost(source, asText(activity.object), words.boost);
  const note = type === 'Create' ? asObject(activity.object) : activity;
  if (asText(note.type) === 'Question') return skipPost(source, '', words.poll);
  if (!NOTES.has(asText(note.type)) || asText(note.id) === '') {
    return skipPost(source, '', words.broken);
  }
  return planNote(note, context);
}

function planNote(note: Unknown, context: NoteContext): ImportItem {
  const source = asText(note.id);
  const caption = readCaption(note);
  const visibility = readAudience(note);
  if (visibility === null) return skipPost(source, '', words.message);
  const answers = asText(note.inReplyTo);
  const replyTo = answers === '' ? null : answers;
  if (replyTo !== null && !context.known.has(replyTo)) {
    return skipPost(source, caption, words.answer);
  }
  const { photos, videos } = readAttachments(note, context);
  const languages = Object.keys(asObject(note.contentMap));
  return planPost(
    {
      ...{ source, caption, visibility, replyTo, photos },
      publishedAt: readTime(note.published),
      editedAt: readTime(note.updated),
      spoiler: asText(note.summary),
      sensitive: note.sensitive === true,
      language: languages.length === 1 ? (languages[0] ?? null) : null,
      commentsDisabled: note.commentsEnabled === false,
      place: asText(asObject(note.location).name),
      notes: videos > 0 ? [photos.length > 0 ? words.videoLeft : words.video] : [],
    },
    context.now,
  );
}

function readCaption(note: Unknown): string {
  const text = textFromHtml(asText(note.content));
  // A short @name would name somebody of this server.
  return asList(note.tag)
    .slice(0, 50)
    .reduce<string>((said, each) => {
      const tag = asObject(each);
      const [, user = '', host = ''] =
        /^@?([\w.-]{1,64})(?:@([\w.:-]{1,253}))?$/.exec(asText(tag.name)) ?? [];
      const href = asText(tag.href);
      const domain = host !== '' ? host : URL.canParse(href) ? new URL(href).host : '';
      if (tag.type !== 'Mention' || user === '' || domain === '') return said;
      const short = new RegExp(`@${user.replaceAll('.', '\\.')}(?![\\w@-]|\\.\\w)`, 'g');
      return said.replace(short, `@${user}@${domain}`);
    }, text);
}

/** Who saw it; null for a direct message. */
function readAudience(note: Unknown): PlannedPost['visibility'] | null {
  const [to, cc] = [asList(note.to), asList(note.cc)].map((list) => list.map(asText));
  if (to?.some((each) => PUBLIC.test(each))) return 'public';
  if (cc?.some((each) => PUBLIC.test(each))) return 'unlisted';
  const followers = [...(to ?? []), ...(cc ?? [])].some((each) => /\/followers\/?$/.test(each));
  return followers ? 'followers' : null;
}

function readAttachments(note: Unknown, context: NoteContext) {
  const photos: PlannedPhoto[] = [];
  let videos = 0;
  for (const each of asList(note.attachment)) {
    const file = asObject(each);
    const url = asText(file.url) || asText(asObject(asList(file.url)[0]).href);
    const mime = asText(file.mediaType);
    if (url === '' || (mime === '' && asText(file.type) === 'Link')) continue;
    const isPicture = mime === '' ? PICTURE.test(url) : mime.startsWith('image/');
    if (!isPicture) {
      videos += 1;
      continue;
    }
    const [x, y] = asList(file.focalPoint).map(asNumber);
    photos.push({
      ...context.photo(url),
      name: url.split('/').pop() ?? '',
      sha256: null,
      description: asText(file.name),
      focus: { x: x ?? 0, y: y ?? 0 },
      edits: null,
    });
  }
  return { photos, videos };
}
