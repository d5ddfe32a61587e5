import type { Context } from '#base/context.ts';
import { originOf } from '#domain/origin.ts';
import type { NotificationJson } from '#doors/entities/notification.ts';

/** What a push message says, with Mastodon's names. */
export type PushPayload = {
  /** Of the app that is told, so that it knows for whom; '' for a browser. */
  access_token: string;
  /** A number here alone: apps read it so. */
  notification_id: number;
  notification_type: string;
  preferred_locale: string;
  icon: string;
  title: string;
  body: string;
  /** Ours: the page to open. */
  url: string;
};

const WORDS: Readonly<Record<string, (name: string) => string>> = {
  mention: (name) => `${name} mentioned you`,
  status: (name) => `${name} posted something new`,
  reblog: (name) => `${name} boosted your post`,
  follow: (name) => `${name} follows you`,
  follow_request: (name) => `${name} asks to follow you`,
  favourite: (name) => `${name} likes your post`,
  update: (name) => `${name} edited a post`,
  move: (name) => `${name} moved to another server`,
  'admin.sign_up': (name) => `${name} made an account`,
  'admin.report': () => 'Somebody was reported',
};
/** The whole message must fit into 4096 bytes (RFC 8030 §7.2), sealed. */
const LONGEST_TITLE = 150;
const LONGEST_BODY = 300;

/** The message about a notification. What is behind a warning stays there. */
export function pushPayload(
  ctx: Pick<Context, 'config'>,
  notification: NotificationJson,
  accessToken: string,
): PushPayload {
  const { account, status, type, id } = notification;
  const name = account.display_name === '' ? `@${account.acct}` : account.display_name;
  const text = status ? status.spoiler_text || (status.content_text ?? '') : '';
  return {
    access_token: accessToken,
    notification_id: Number(id),
    notification_type: type,
    preferred_locale: 'en',
    icon: account.avatar,
    title: cut((WORDS[type] ?? (() => 'There is something new'))(name), LONGEST_TITLE),
    body: cut(text, LONGEST_BODY),
    url: pageOf(ctx, notification),
  };
}

/** The page of ours that shows what it is about; of posts elsewhere the notifications. */
function pageOf(ctx: Pick<Context, 'config'>, { account, status, type }: NotificationJson): string {
  const origin = originOf(ctx.config);
  if (status?.url?.startsWith(`${origin}/`)) return status.url;
  const isPerson = type === 'follow' || type === 'move';
  if (isPerson) return `${origin}/@${account.acct}`;
  return `${origin}/notifications`;
}

function cut(text: string, most: number): string {
  const letters = [...text.replace(/\s+/g, ' ').trim()];
  return letters.length <= most ? letters.join('') : `${letters.slice(0, most - 1).join('')}…`;
}
