import type { PageContent } from '#doors/render/page-content.ts';
import { importPage, importStates } from './hostile-import.ts';
import { sampleAccount, sampleLimits, samplePhoto, samplePost, sampleStorage } from './samples.ts';

const form = (text: string) => ({
  values: new Proxy({}, { get: () => text }) as Record<string, string>,
  errors: new Proxy({}, { get: () => text }) as Record<string, string>,
  problem: text,
});

/** Every page, with the same hostile text in every field that a person can fill. */
export function hostilePages(text: string): PageContent[] {
  const account = sampleAccount({
    display_name: text,
    website: text,
    location: text,
    pronouns: [text],
    fields: [{ name: text, value: '', verified_at: null }],
  });
  const photo = samplePhoto({ description: text, blurhash: text });
  const post = samplePost({
    account,
    content: '',
    content_text: text,
    spoiler_text: text,
    place: { id: '1', slug: '', name: text, country: '' },
    media_attachments: [
      {
        ...photo,
        tintype: { ...photo.tintype, camera: [{ label: text, value: text }] },
      },
      photo,
    ],
    tintype: {
      visibility: 'public',
      archived: false,
      edits: 1,
      license: { id: 1, title: text, url: text },
      allows: { like: true, share: true, comment: true },
    },
  });
  const row = {
    id: '1',
    username: 'mara',
    displayName: text,
    email: text,
    role: 'member' as const,
    state: 'active' as const,
    createdAt: '2026-01-01T00:00:00.000Z',
    posts: 1,
    storage: sampleStorage,
  };
  const delivery = {
    host: text,
    state: 'given_up',
    attempts: 2,
    nextAt: null,
    answer: text,
  } as const;
  const person = { account, standing: 'requested' } as const;
  const report = {
    ...{ id: '1', from: text, target: account, comment: text, posts: 1, createdAt: '' },
    ...{ closedAt: '', category: text, closedBy: text, targetSuspended: false },
    content: [{ post, hidden: true }],
    notes: [{ id: '1', by: text, text, at: '' }],
  };
  const list = { posts: [post], newer: null, older: null };
  const limits = sampleLimits;
  const used = { tokens: 2, createdAt: '', lastUsedAt: null };
  const settings = {
    storage: sampleStorage,
    limits,
    sessions: [{ id: '1', createdAt: '', lastSeenAt: '', device: text, current: false }],
    tokens: [{ id: '1', name: text, scopes: text, createdAt: '', lastUsedAt: null }],
    hiddenDomains: [text],
    filters: [
      {
        ...{ id: '1', title: text, words: [text], contexts: [text], action: 'warn' as const },
        ...{ expiresAt: null, over: false },
      },
    ],
    apps: [
      { id: '1', name: text, website: text, scopes: [text], ...used },
      { id: '2', name: text, website: null, scopes: ['read'], ...used },
    ],
    archived: [post],
    form: form(text),
    deletionAt: null,
    archive: {
      rows: (['waiting', 'running', 'done', 'failed'] as const).map((state) => ({
        ...{ id: state, state, done: 1, total: 2, bytes: 3, detail: text, renditions: true },
        ...{ createdAt: '', finishedAt: null, expiresAt: '' },
      })),
      schedule: { renditions: true, nextAt: '' },
      sizes: { plain: 1, withRenditions: 2 },
    },
    moving: {
      aliases: [{ uri: text, handle: text }],
      movedTo: account,
      followers: 2,
      possibleFrom: null,
      handle: '@ada@photos.example.org',
      archive: null,
      check: null,
      told: null,
    },
  };
  const title = text;
  return [
    {
      page: 'home',
      title,
      props: {
        ...{ ...list, everybody: [{ ...post, id: '7' }], heading: text, tab: 'tag' },
        ...{ tag: { name: text, following: false }, federating: true },
      },
    },
    {
      page: 'profile',
      title,
      head: {
        description: text,
        feed: { url: '/f', title: text },
        image: { url: '/i', alt: text },
      },
      props: {
        ...list,
        profile: account,
        own: false,
        following: null,
        shape: 'natural',
        feedUrl: null,
        follower: 'none',
        movedTo: null,
        remoteFollow: false,
        ...{ muting: false, blocking: false },
        suspended: null,
      },
    },
    {
      page: 'post',
      title,
      props: {
        post,
        comments: [{ ...post, id: '8' }],
        own: true,
        originals: { [photo.id]: '/media/x.jpg' },
        canComment: true,
        newerUrl: null,
        olderUrl: null,
        deliveries: [
          delivery,
          { ...delivery, state: 'delivered' },
          { ...delivery, state: 'waiting' },
        ],
      },
    },
    {
      page: 'profile',
      title,
      props: {
        ...list,
        profile: { ...account, acct: `mara@${text}` },
        own: false,
        following: 'requested',
        shape: 'square',
        feedUrl: null,
        follower: 'asks',
        movedTo: account,
        remoteFollow: true,
        ...{ muting: false, blocking: false },
        suspended: true,
      },
    },
    {
      page: 'people',
      title,
      props: {
        kind: 'followers',
        profile: account,
        own: true,
        people: [person],
        back: null,
        newer: null,
        older: null,
      },
    },
    ...(['likes', 'muted', 'blocked'] as const).map((kind) => ({
      page: 'people' as const,
      title,
      props: {
        ...{ kind, profile: account, own: true, people: [person], back: '/o' },
        ...{ newer: null, older: null },
      },
    })),
    {
      page: 'people',
      title,
      props: {
        kind: 'requests',
        profile: account,
        own: true,
        people: [person],
        back: null,
        newer: null,
        older: null,
      },
    },
    {
      page: 'explore',
      title,
      props: {
        ...{ posts: [post], tags: [{ name: text, posts: 1 }], people: [person], federating: true },
      },
    },
    {
      page: 'notifications',
      title,
      props: {
        rows: (['mention', 'favourite', 'follow', 'admin.report'] as const).map((type) => ({
          ...{ key: text, type, people: [account, account], count: 3, post, reportId: text },
          ...{ at: '2026-01-01T00:00:00.000Z', fresh: true },
        })),
        ...{ requests: [person], last: '1', newer: null, older: null },
      },
    },
    {
      page: 'messages',
      title,
      props: {
        conversations: [{ id: '1', people: [account], last: post, unread: true }],
        ...{ to: text, newer: null, older: null },
      },
    },
    {
      page: 'thread',
      title,
      props: { id: '1', people: [account], messages: [post], newer: null, older: null },
    },
    {
      page: 'search',
      title,
      props: {
        query: text,
        people: [person],
        posts: [post, { ...post, id: '9', reblog: { ...post, id: '10' } }],
        tags: [text],
        problem: text,
        federating: true,
      },
    },
    { page: 'elsewhere', title, props: { kind: 'post', name: text, url: '/o', host: text } },
    { page: 'elsewhere', title, props: { kind: 'follow', account, url: '/o', host: text } },
    { page: 'elsewhere', title, props: { kind: 'ask', account, form: form(text) } },
    {
      page: 'admin',
      title,
      props: { section: 'reports', closed: false, reports: [report], newer: null, older: null },
    },
    { page: 'admin', title, props: { section: 'report', report, form: form(text) } },
    {
      page: 'history',
      title,
      props: { post, versions: [{ at: '', captionHtml: '', spoiler: text, altTexts: [text] }] },
    },
    { page: 'viewer', title, props: { post, index: 1, covered: false } },
    { page: 'viewer', title, props: { post, index: 1, covered: true } },
    {
      page: 'compose',
      title,
      props: { limits, storage: sampleStorage, form: form(text), movedTo: account },
    },
    { page: 'edit', title, props: { post, limits, form: form(text) } },
    { page: 'setup', title, props: { code: text, codeOk: true, form: form(text) } },
    { page: 'signin', title, props: { next: text, form: form(text) } },
    {
      page: 'join',
      title,
      props: { invite: text, next: text, inviter: text, rules: [text], form: form(text) },
    },
    {
      page: 'consent',
      title,
      props: {
        step: 'ask',
        app: { name: text, website: text },
        account,
        scopes: [text],
        goesTo: { kind: 'site', name: text },
        fields: { state: text, [text]: text },
        otherAccount: '/o',
      },
    },
    { page: 'consent', title, props: { step: 'code', app: { name: text }, code: text } },
    { page: 'reset', title, props: { token: text, username: text, form: form(text) } },
    ...importStates.map((state) => ({
      page: 'import' as const,
      title,
      props: importPage(text, state, form(text)),
    })),
    { page: 'settings', title, props: { ...settings, section: 'profile' } },
    { page: 'settings', title, props: { ...settings, section: 'posting' } },
    { page: 'settings', title, props: { ...settings, section: 'interactions' } },
    { page: 'settings', title, props: { ...settings, section: 'storage' } },
    { page: 'settings', title, props: { ...settings, section: 'archive' } },
    { page: 'settings', title, props: { ...settings, section: 'security' } },
    { page: 'settings', title, props: { ...settings, section: 'account' } },
    {
      page: 'admin',
      title,
      props: { section: 'accounts', accounts: [row], resetLink: text, form: form(text) },
    },
    {
      page: 'admin',
      title,
      props: {
        section: 'invites',
        open: true,
        invites: [{ id: '1', note: text, usesLeft: 1, expiresAt: null, createdBy: text }],
        newLink: text,
        form: form(text),
      },
    },
    { page: 'help', title, props: {} },
    {
      page: 'reference',
      title,
      props: {
        document: '/api/openapi.json',
        chapters: [
          {
            title: text,
            routes: [
              {
                method: 'GET',
                path: text,
                says: text,
                answer: text,
                who: text,
                fields: [{ name: text, kind: text, note: text, required: true }],
              },
            ],
          },
        ],
      },
    },
    { page: 'about', title, props: { accounts: 1, posts: 1, contact: account, rules: [text] } },
    { page: 'problem', title, props: { status: 404, title: text, sentence: text } },
  ];
}
