import type { Config } from '#base/config/config.ts';
import { originOf } from '#domain/origin.ts';

/** Absolute addresses of what entities point to. */
export function addresses(config: Config) {
  const origin = originOf(config);
  return {
    origin,
    profile: (username: string) => `${origin}/@${username}`,
    actor: (username: string) => `${origin}/users/${username}`,
    post: (username: string, id: number) => `${origin}/@${username}/${id}`,
    postUri: (username: string, id: number) => `${origin}/users/${username}/posts/${id}`,
    tag: (name: string) => `${origin}/tags/${encodeURIComponent(name)}`,
    media: (blobName: string) => `${origin}/media/${blobName}`,
    /** The cleaned original, where its author offers it. */
    download: (mediaId: number) => `${origin}/media/${mediaId}/download`,
    /** Apps know by the file name that there is no picture. */
    noPicture: `${origin}/assets/missing.png`,
  };
}

/** Makes the relative addresses in stored caption HTML absolute; typed text has no bare quotes, so only our own match. */
export function absoluteHtml(html: string, origin: string): string {
  return html.replaceAll('href="/', `href="${origin}/`);
}
