import type {
  AdminBackups,
  AdminBanner,
  AdminDomainRow,
  AdminInviteRow,
  AdminOverview,
  AdminSettingRow,
  ClosingRow,
  SiteCopyState,
  StorageDay,
} from './admin-page-types.ts';
import type { AppRow } from './app-types.ts';
import type { ArchivePart } from './archive-page-types.ts';
import type { AccountJson, StatusJson } from './types.ts';

/** Who looks at a page: what the shell needs to draw the rail and the forms. */
export type PageViewer = {
  account: AccountJson;
  role: 'owner' | 'admin' | 'member';
  /** Hidden field `csrf` of every form that changes something, and header `X-CSRF-Token`. */
  csrf: string;
  /** How many people ask to follow. */
  requests: number;
  /** How many notifications have not been seen, up to 99. */
  unread: number;
  /** How many conversations hold a message that has not been read, up to 99. */
  messages: number;
  /** For admins: how many reports wait. */
  reports: number;
  /** For admins: what a person must mend, the newest first. */
  banners: AdminBanner[];
};

/** What every page is drawn with. Addresses of assets come from `asset(name)`, e.g. `islands/compose.js`. */
export type Shell = {
  instance: {
    name: string;
    description: string;
    origin: string;
    version: string;
    mode: 'solo' | 'family' | 'community';
    /** True in family mode: nothing is shown to strangers. */
    closed: boolean;
    registration: 'closed' | 'invite' | 'open';
    /** Where the source of this very program is, or null if whoever built it did not say. */
    sourceUrl: string | null;
  };
  /** That this place ends, and on which day (ISO 8601); null while nobody thinks of it. */
  closing: { at: string; over: boolean; message: string } | null;
  viewer: PageViewer | null;
  /** Path and query of the page that is shown. */
  path: string;
  theme: 'auto' | 'light' | 'dark';
  asset: (name: string) => string;
  /** A sentence to show once at the top, e.g. after a form was saved. */
  notice: { kind: 'done' | 'problem'; text: string } | null;
};

/** Values and mistakes of a form that came back: nothing that was typed is lost. */
export type FormState = {
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
  /** The sentence above the form, if something is wrong as a whole. */
  problem: string | null;
};

export type StorageMeter = {
  usedBytes: number;
  /** null: no limit for this account. */
  quotaBytes: number | null;
  originalsBytes: number;
  renditionsBytes: number;
};

/** `newer`/`older` are addresses of the neighbouring pages, or null at the ends. */
export type PostListPage = { posts: StatusJson[]; newer: string | null; older: string | null };

export type HomePage = PostListPage & {
  /** For somebody whose own timeline is empty: the newest photos of everybody here. */
  everybody: StatusJson[];
  /** What the list is of, e.g. a hashtag; null for the home timeline. */
  heading: string | null;
  /** Which list it is, where it stands beside others. */
  tab: 'home' | 'local' | 'network' | 'tag' | 'bookmarks' | 'likes' | 'list';
  /** The hashtag of the list, and whether the viewer follows it (null: nobody is signed in). */
  tag: { name: string; following: boolean | null } | null;
  federating: boolean;
};
export type ProfilePage = PostListPage & {
  profile: AccountJson;
  /** True when the viewer looks at the own profile. */
  own: boolean;
  following: Standing | null;
  /** How the account stands to the viewer: follows, or asks to. */
  follower: 'none' | 'asks' | 'follows';
  /** What the viewer does about the account. */
  muting: boolean;
  blocking: boolean;
  shape: 'square' | 'natural';
  feedUrl: string | null;
  /** The account that this one moved to. */
  movedTo: AccountJson | null;
  /** A visitor may follow from an account on another server. */
  remoteFollow: boolean;
  /** How an account of another server is suspended by whoever looks; null for those who may not. */
  suspended: boolean | null;
};
/** How the viewer stands to an account. */
export type Standing = 'none' | 'requested' | 'following';
export type PersonRow = { account: AccountJson; standing: Standing | null };
export type PeoplePage = {
  kind: 'followers' | 'following' | 'requests' | 'likes' | 'boosts' | 'muted' | 'blocked';
  /** Whose list it is; the viewer for requests. */
  profile: AccountJson;
  own: boolean;
  people: PersonRow[];
  /** Where the list belongs; null: to the profile. */
  back: string | null;
  newer: string | null;
  older: string | null;
};
export type SearchPage = {
  query: string;
  people: PersonRow[];
  posts: StatusJson[];
  tags: string[];
  /** Why something that was named by its address could not be shown. */
  problem: string | null;
  /** True where other servers can be asked. */
  federating: boolean;
};
/** What strangers see of something that lives on another server, and where a visitor goes to follow. */
export type ElsewherePage =
  | { kind: 'account' | 'post'; name: string; url: string; host: string }
  | { kind: 'follow'; account: AccountJson; url: string; host: string }
  | { kind: 'ask'; account: AccountJson; form: FormState };
/** One server that a post went to. */
export type DeliveryRow = {
  host: string;
  state: 'delivered' | 'waiting' | 'given_up';
  attempts: number;
  /** When it is tried again. */
  nextAt: string | null;
  /** What the other side said last. */
  answer: string | null;
};
export type PostPage = {
  post: StatusJson;
  comments: StatusJson[];
  own: boolean;
  /** The author's own originals by photo id, as they were uploaded; empty for everybody else. */
  originals: Readonly<Record<string, string>>;
  canComment: boolean;
  /** Neighbours on the author's profile, for the viewer's arrow keys. */
  newerUrl: string | null;
  olderUrl: string | null;
  /** Where the own post went; null for others, and where nothing is sent. */
  deliveries: DeliveryRow[] | null;
};
export type PostHistoryPage = {
  post: StatusJson;
  versions: { at: string; captionHtml: string; spoiler: string; altTexts: string[] }[];
};
/** One photo over the whole window, for people without JavaScript: `/@name/ID/photo/N`. */
export type ViewerPage = {
  post: StatusJson;
  /** 1 for the first photo. */
  index: number;
  /** True when the post has a content warning that the viewer has not passed yet. */
  covered: boolean;
};

export type ComposeLimits = {
  maxPhotos: number;
  maxCaption: number;
  maxAltText: number;
  maxFileBytes: number;
  accept: string;
  requireAltText: boolean;
  visibilities: { value: string; label: string; hint: string }[];
  licences: { value: string; label: string }[];
  defaultVisibility: string;
  defaultLicence: string;
};
export type ComposePage = {
  limits: ComposeLimits;
  storage: StorageMeter;
  form: FormState;
  /** Where the account moved to, if it did. */
  movedTo: AccountJson | null;
};
export type EditPostPage = { post: StatusJson; limits: ComposeLimits; form: FormState };

export type SetupPage = {
  /** The one-time code from the link, empty if it must be typed. */
  code: string;
  codeOk: boolean;
  form: FormState;
};
export type SignInPage = { form: FormState; next: string };
export type JoinPage = {
  invite: string;
  /** Where to go afterwards. */
  next: string;
  inviter: string | null;
  /** The house rules, one an entry. */
  rules: string[];
  form: FormState;
};
export type ResetPage = { token: string; username: string | null; form: FormState };

export type SessionRow = {
  id: string;
  createdAt: string;
  lastSeenAt: string;
  device: string;
  current: boolean;
};
export type TokenRow = {
  id: string;
  name: string;
  scopes: string;
  createdAt: string;
  /** null: never. Within an hour, as it is noted. */
  lastUsedAt: string | null;
};
/** A filter as the settings list it. */
export type FilterRow = {
  id: string;
  title: string;
  words: string[];
  contexts: string[];
  action: 'warn' | 'hide' | 'blur';
  /** null: it lasts until it is deleted. */
  expiresAt: string | null;
  /** It lasted for a while, and that is over. */
  over: boolean;
};
export type SettingsPage = {
  section:
    | 'profile'
    | 'posting'
    | 'interactions'
    | 'filters'
    | 'storage'
    | 'archive'
    | 'security'
    | 'account';
  storage: StorageMeter;
  /** Choices of visibility and licence, and what one file may weigh. */
  limits: ComposeLimits;
  sessions: SessionRow[];
  tokens: TokenRow[];
  apps: AppRow[];
  archived: StatusJson[];
  form: FormState;
  /** Servers that the person hides; only in the section that says so. */
  hiddenDomains: string[];
  /** What the person filters; only in the section that says so. */
  filters: FilterRow[];
  /** ISO date on which the account will be gone, if its deletion was asked for. */
  deletionAt: string | null;
  /** null where nothing is spoken with other servers. */
  moving: Moving | null;
  /** Only in the section that says so. */
  archive: ArchivePart | null;
};
/** Accounts that the person had before, and the one that this account moved to. */
export type Moving = {
  aliases: { uri: string; handle: string }[];
  movedTo: AccountJson | null;
  followers: number;
  /** ISO date from which another move is possible. */
  possibleFrom: string | null;
  /** How the account is called elsewhere: `@name@server`. */
  handle: string;
  /** The newest archive of everything; null if none was ever asked for. */
  archive: { state: 'waiting' | 'running' | 'done' | 'failed'; at: string | null } | null;
  /** What was found out about the account that was named last. */
  check: MoveCheck | null;
  /** Servers that know of the move, or will; null if nobody was told. */
  told: { delivered: number; waiting: number; givenUp: number } | null;
};

/** Whether somebody can move to an account: each question with its answer, in the order of asking. */
export type MoveCheck = {
  target: string;
  answers: { what: 'found' | 'other' | 'stays' | 'names'; yes: boolean; why: string | null }[];
  ready: boolean;
};

export type AdminAccountRow = {
  id: string;
  username: string;
  displayName: string;
  email: string;
  role: 'owner' | 'admin' | 'member';
  state: 'active' | 'suspended' | 'deleting';
  createdAt: string;
  posts: number;
  storage: StorageMeter;
};
/** `/admin/storage`. */
export type AdminStorage = {
  total: StorageMeter;
  diskFreeBytes: number;
  minFreeBytes: number;
  accounts: AdminAccountRow[];
  /** The bucket where photos live; null without one. Bytes; `unplaced` lies on the disk alone. */
  bucket: {
    label: string;
    home: 'disk' | 'bucket';
    placed: { files: number; bytes: number; localFiles: number; localBytes: number };
    unplaced: { files: number; bytes: number };
    limitBytes: number;
  } | null;
  /** Bytes by what they are for, the largest first. */
  kinds: { kind: string; bytes: number; files: number }[];
  /** One a day, the oldest first. */
  days: StorageDay[];
  waitingJobs: number;
  deadJobs: { id: string; kind: string; attempts: number; error: string; at: string }[];
};
export type AdminPage =
  | { section: 'backups'; backups: AdminBackups }
  | { section: 'overview'; overview: AdminOverview }
  | {
      section: 'accounts';
      accounts: AdminAccountRow[];
      newer?: string | null;
      older?: string | null;
      resetLink: string | null;
      form: FormState;
    }
  | {
      section: 'invites';
      /** False while nobody can make an account: a link would open nothing. */
      open: boolean;
      invites: AdminInviteRow[];
      newLink: string | null;
      form: FormState;
    }
  | { section: 'storage'; storage: AdminStorage }
  | {
      section: 'domains';
      /** With whom this server speaks at all. */
      speaksWith: 'off' | 'allowlist' | 'open';
      domains: AdminDomainRow[];
      counts: { block: number; limit: number; allow: number };
      next: string | null;
      /** Lines of an imported list that were left out. */
      skipped: { line: number; domain: string; why: string }[];
      form: FormState;
    }
  | {
      section: 'closing';
      owner: boolean;
      people: ClosingRow[];
      copy: SiteCopyState;
      form: FormState;
    }
  | { section: 'settings'; settings: AdminSettingRow[]; form: FormState }
  | {
      section: 'reports';
      closed: boolean;
      reports: AdminReportRow[];
      newer: string | null;
      older: string | null;
    }
  | { section: 'report'; report: AdminReport; form: FormState };

export type AdminReportRow = {
  id: string;
  /** Who reported: an account, or a server that names nobody. */
  from: string;
  target: AccountJson | null;
  comment: string;
  posts: number;
  createdAt: string;
  closedAt: string | null;
};
export type AdminReport = AdminReportRow & {
  category: string;
  closedBy: string | null;
  targetSuspended: boolean;
  content: { post: StatusJson; hidden: boolean }[];
  notes: { id: string; by: string; text: string; at: string }[];
};

export type AboutPage = {
  accounts: number;
  posts: number;
  contact: AccountJson | null;
  rules: string[];
};
export type ProblemPage = { status: number; title: string; sentence: string };
