import { formatBytes } from '#base/core/bytes.ts';
import type { Archive } from './format.ts';

/** What somebody reads who finds this archive in ten years and has never heard of the server. */
export function readmeText(archive: Archive): string {
  const { account, counts } = archive;
  return `Photos and posts of ${account.handle}
Made on ${archive.madeAt.slice(0, 10)} at ${archive.instance} by Tintype ${archive.software.version}

${counts.posts} posts, ${counts.photos} photos (${counts.originals} originals, ${formatBytes(counts.originalBytes)}), ${counts.comments} comments, ${counts.messages} messages

To look at it
  Unpack all of it, then open index.html with a double-click. It needs no
  network and asks nobody for anything.

What is where
  media/originals/    your photos exactly as you uploaded them. Beside each of
                      them NAME.json and NAME.xmp say what you wrote about it:
                      caption, description, tags, place, date. Programs for
                      photos read the .xmp files.
  media/renditions/   smaller copies, and those of photos that were turned, cut
                      or kept without their original
  index.html, gallery/  the gallery
  tintype/            everything else, complete, one thing a line: posts with
                      their earlier versions, comments and likes you got,
                      messages, bookmarks, follows, lists, filters, settings.
                      A Tintype server reads it: Settings, Import.
  actor.json, outbox.json, likes.json, bookmarks.json
                      the same as ActivityStreams, like an archive of Mastodon
  *.csv               lists that Mastodon and Pixelfed import: whom you follow,
                      block and mute, your lists and bookmarks
  SHA256SUMS          a fingerprint of every file: "sha256sum -c SHA256SUMS"
                      finds what was damaged

This archive holds private things: messages, posts for your followers or for
nobody, and where and when photos were taken. Keep it where you keep letters.
${problemsText(archive)}`;
}

function problemsText({ problems }: Archive): string {
  if (problems.length === 0) return '';
  const lines = problems.map(({ file, problem }) => `  ${file}: ${problem}`);
  return `\nWhat is missing or not as it should be\n${lines.join('\n')}\n`;
}
