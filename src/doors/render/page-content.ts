import type { ConsentPage } from '#doors/entities/app-types.ts';
import type { ImportPage } from '#doors/entities/import-page.ts';
import type {
  AboutPage,
  AdminPage,
  ComposePage,
  EditPostPage,
  ElsewherePage,
  HomePage,
  JoinPage,
  PeoplePage,
  PostHistoryPage,
  PostPage,
  ProblemPage,
  ProfilePage,
  ResetPage,
  SearchPage,
  SettingsPage,
  SetupPage,
  SignInPage,
  ViewerPage,
} from '#doors/entities/page-types.ts';
import type { ReferencePage } from '#doors/entities/reference-page.ts';
import type {
  ExplorePage,
  ListPage,
  ListsPage,
  MessagesPage,
  NotificationsPage,
  ScheduledPage,
  ThreadPage,
} from '#doors/entities/social-page-types.ts';

/** What goes into `<head>` besides the title. Addresses are absolute; none of it for private pages. */
export type PageHead = {
  description?: string;
  /** A picture for link previews, with its size in pixels if known. */
  image?: { url: string; alt: string; width?: number; height?: number };
  /** Open Graph type: `profile`, `article` or `website` (the default). */
  kind?: 'website' | 'profile' | 'article';
  canonical?: string;
  /** Atom feed of this page. */
  feed?: { url: string; title: string };
  /** The same thing for ActivityPub readers (`application/activity+json`). */
  activity?: string;
  /** Asks search engines to stay away. */
  noindex?: boolean;
};

type Content<Name extends string, Props> = {
  page: Name;
  title: string;
  props: Props;
  head?: PageHead;
};

/** Every page there is, with what it is drawn from. */
export type PageContent =
  | Content<'home', HomePage>
  | Content<'profile', ProfilePage>
  | Content<'post', PostPage>
  | Content<'people', PeoplePage>
  | Content<'messages', MessagesPage>
  | Content<'thread', ThreadPage>
  | Content<'explore', ExplorePage>
  | Content<'notifications', NotificationsPage>
  | Content<'search', SearchPage>
  | Content<'elsewhere', ElsewherePage>
  | Content<'history', PostHistoryPage>
  | Content<'viewer', ViewerPage>
  | Content<'compose', ComposePage>
  | Content<'scheduled', ScheduledPage>
  | Content<'lists', ListsPage>
  | Content<'list', ListPage>
  | Content<'edit', EditPostPage>
  | Content<'setup', SetupPage>
  | Content<'signin', SignInPage>
  | Content<'consent', ConsentPage>
  | Content<'join', JoinPage>
  | Content<'reset', ResetPage>
  | Content<'settings', SettingsPage>
  | Content<'import', ImportPage>
  | Content<'admin', AdminPage>
  | Content<'about', AboutPage>
  | Content<'help', Record<never, never>>
  | Content<'reference', ReferencePage>
  | Content<'problem', ProblemPage>;
