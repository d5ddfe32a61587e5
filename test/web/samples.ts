import type {
  ComposeLimits,
  FormState,
  PageViewer,
  Shell,
  StorageMeter,
} from '#doors/entities/page-types.ts';
import type { AccountJson, MediaAttachmentJson, StatusJson } from '#doors/entities/types.ts';

/** Made-up people, photos and posts to draw pages with; every field can be replaced. */
export function sampleAccount(over: Partial<AccountJson> = {}): AccountJson {
  const username = over.username ?? 'mara';
  return {
    id: '1001',
    username,
    acct: username,
    display_name: 'Mara Lindqvist',
    url: `http://localhost/@${username}`,
    uri: `http://localhost/users/${username}`,
    note: '<p>Coast, weather and the people who live with both.</p>',
    avatar: '',
    avatar_static: '',
    avatar_description: '',
    header: '',
    header_static: '',
    header_description: '',
    locked: false,
    bot: false,
    group: false,
    discoverable: true,
    indexable: true,
    noindex: false,
    hide_collections: false,
    created_at: '2026-03-01T00:00:00.000Z',
    last_status_at: '2026-06-12',
    statuses_count: 48,
    followers_count: 127,
    following_count: 63,
    emojis: [],
    fields: [],
    roles: [],
    note_text: null,
    website: 'https://lindqvist.example',
    pronouns: ['she', 'her'],
    location: 'Öland',
    header_bg: null,
    last_fetched_at: null,
    local: true,
    is_admin: false,
    ...over,
  };
}

export function samplePhoto(over: Partial<MediaAttachmentJson> = {}): MediaAttachmentJson {
  return {
    id: '2001',
    type: 'image',
    url: '/media/large.jpg',
    preview_url: '/media/small.webp',
    remote_url: null,
    preview_remote_url: null,
    text_url: null,
    description: 'A lighthouse in fog',
    blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    meta: {
      original: { width: 2048, height: 1536, size: '2048x1536', aspect: 1.333 },
      small: { width: 480, height: 360, size: '480x360', aspect: 1.333 },
      focus: { x: 0, y: 0 },
    },
    optimized_url: null,
    license: null,
    filter_name: null,
    filter_class: null,
    mime: 'image/jpeg',
    is_nsfw: null,
    orientation: null,
    tintype: {
      renditions: [
        { url: '/media/small.webp', width: 480, height: 360, mime: 'image/webp' },
        { url: '/media/medium.webp', width: 1080, height: 810, mime: 'image/webp' },
        { url: '/media/large.jpg', width: 2048, height: 1536, mime: 'image/jpeg' },
      ],
      animated: false,
      download_url: null,
      camera: [],
      edits: { rotate: 0, crop: null },
    },
    ...over,
  };
}

export function samplePost(over: Partial<StatusJson> = {}): StatusJson {
  return {
    id: '3001',
    uri: 'http://localhost/users/mara/posts/3001',
    url: 'http://localhost/@mara/3001',
    created_at: '2026-06-12T06:40:00.000Z',
    edited_at: null,
    account: sampleAccount(),
    content: '<p>First light, and nobody else awake.</p>',
    visibility: 'public',
    sensitive: false,
    spoiler_text: '',
    language: 'en',
    in_reply_to_id: null,
    in_reply_to_account_id: null,
    reblog: null,
    media_attachments: [samplePhoto()],
    mentions: [],
    tags: [],
    emojis: [],
    replies_count: 0,
    reblogs_count: 0,
    favourites_count: 0,
    quotes_count: 0,
    application: null,
    card: null,
    poll: null,
    quote: null,
    favourited: false,
    reblogged: false,
    muted: false,
    bookmarked: false,
    filtered: [],
    pf_type: 'photo',
    content_text: 'First light, and nobody else awake.',
    reply_count: 0,
    shortcode: null,
    place: null,
    liked_by: null,
    taggedPeople: [],
    comments_disabled: false,
    local: true,
    thread: false,
    replies: [],
    parent: [],
    label: { covid: false },
    liked_at: null,
    _v: 1,
    tintype: {
      ...{ visibility: 'public', archived: false, edits: 0, license: null },
      allows: { like: true, share: true, comment: true },
    },
    ...over,
  };
}

export const emptyForm: FormState = { values: {}, errors: {}, problem: null };

export const sampleStorage: StorageMeter = {
  usedBytes: 3_400_000_000,
  quotaBytes: 20_000_000_000,
  originalsBytes: 2_700_000_000,
  renditionsBytes: 700_000_000,
};

export const sampleLimits: ComposeLimits = {
  maxPhotos: 20,
  maxCaption: 5000,
  maxAltText: 2000,
  maxFileBytes: 100_000_000,
  accept: 'image/jpeg,image/png,image/webp,image/avif,image/gif,image/heic,image/heif,.heic,.heif',
  requireAltText: false,
  visibilities: [
    { value: 'public', label: 'Everybody', hint: 'On your profile and in public lists.' },
    { value: 'unlisted', label: 'Everybody, unlisted', hint: 'On your profile only.' },
    { value: 'followers', label: 'Followers', hint: 'People who follow you.' },
    { value: 'self', label: 'Only me', hint: 'A private drawer.' },
  ],
  licences: [
    { value: '', label: 'All rights reserved' },
    { value: '4', label: 'CC BY 4.0' },
    { value: '5', label: 'CC BY-SA 4.0' },
  ],
  defaultVisibility: 'public',
  defaultLicence: '',
};

export function sampleViewer(over: Partial<PageViewer> = {}): PageViewer {
  return {
    account: sampleAccount(),
    role: 'owner',
    csrf: 'csrf-token',
    requests: 0,
    messages: 0,
    unread: 0,
    reports: 0,
    banners: [],
    ...over,
  };
}

export function sampleShell(over: Partial<Shell> = {}): Shell {
  return {
    closing: null,
    instance: {
      name: 'Saltwater',
      description: 'Photos from the coast, by the people who live there.',
      origin: 'http://localhost',
      version: '0.1.0',
      mode: 'solo',
      closed: false,
      registration: 'closed',
      sourceUrl: 'https://example.org/tintype',
    },
    viewer: null,
    path: '/',
    theme: 'auto',
    asset: (name) => `/assets/${name}`,
    notice: null,
    ...over,
  };
}
