import type { VNode } from 'preact';
import { render } from 'preact-render-to-string';
import type { Shell } from '#doors/entities/page-types.ts';
import { Shell as Frame, type Width } from '#web/components/shell.tsx';
import { AboutPage } from '#web/pages/about-page.tsx';
import { AdminPage } from '#web/pages/admin-page.tsx';
import { ComposePage } from '#web/pages/compose-page.tsx';
import { ConsentPage } from '#web/pages/consent-page.tsx';
import { EditPage } from '#web/pages/edit-page.tsx';
import { ElsewherePage } from '#web/pages/elsewhere-page.tsx';
import { ExplorePage } from '#web/pages/explore-page.tsx';
import { HelpPage } from '#web/pages/help-page.tsx';
import { HistoryPage } from '#web/pages/history-page.tsx';
import { HomePage } from '#web/pages/home-page.tsx';
import { ImportPage } from '#web/pages/import-page.tsx';
import { JoinPage } from '#web/pages/join-page.tsx';
import { ListPage, ListsPage } from '#web/pages/lists-page.tsx';
import { MessagesPage, ThreadPage } from '#web/pages/messages-page.tsx';
import { NotificationsPage } from '#web/pages/notifications-page.tsx';
import { PeoplePage } from '#web/pages/people-page.tsx';
import { PostPage } from '#web/pages/post-page.tsx';
import { ProblemPage } from '#web/pages/problem-page.tsx';
import { ProfilePage } from '#web/pages/profile-page.tsx';
import { ReferencePage } from '#web/pages/reference-page.tsx';
import { ResetPage } from '#web/pages/reset-page.tsx';
import { ScheduledPage } from '#web/pages/scheduled-page.tsx';
import { SearchPage } from '#web/pages/search-page.tsx';
import { SettingsPage } from '#web/pages/settings-page.tsx';
import { SetupPage } from '#web/pages/setup-page.tsx';
import { SignInPage } from '#web/pages/sign-in-page.tsx';
import { ViewerPage } from '#web/pages/viewer-page.tsx';
import { Document } from './document.tsx';
import type { PageContent } from './page-content.ts';

type Frames = Record<PageContent['page'], { width: Width; islands: readonly string[] }>;

/** How wide each page is, and which scripts make it nicer; `page` goes with all of them. */
const frames: Frames = {
  home: { width: 'column', islands: ['page', 'viewer'] },
  profile: { width: 'wide', islands: ['page'] },
  post: { width: 'post', islands: ['page', 'viewer'] },
  people: { width: 'column', islands: ['page'] },
  notifications: { width: 'column', islands: ['page'] },
  explore: { width: 'wide', islands: ['page'] },
  messages: { width: 'column', islands: ['page'] },
  thread: { width: 'column', islands: ['page'] },
  search: { width: 'column', islands: ['page', 'viewer'] },
  elsewhere: { width: 'narrow', islands: ['page'] },
  history: { width: 'column', islands: ['page'] },
  viewer: { width: 'wide', islands: ['page', 'viewer'] },
  compose: { width: 'wide', islands: ['page', 'compose'] },
  lists: { width: 'column', islands: ['page'] },
  list: { width: 'column', islands: ['page'] },
  scheduled: { width: 'column', islands: ['page'] },
  edit: { width: 'column', islands: ['page'] },
  setup: { width: 'column', islands: ['page'] },
  signin: { width: 'narrow', islands: ['page'] },
  consent: { width: 'narrow', islands: ['page'] },
  join: { width: 'narrow', islands: ['page'] },
  reset: { width: 'narrow', islands: ['page'] },
  settings: { width: 'column', islands: ['page'] },
  import: { width: 'column', islands: ['page'] },
  admin: { width: 'column', islands: ['page'] },
  about: { width: 'column', islands: ['page'] },
  help: { width: 'column', islands: ['page'] },
  reference: { width: 'wide', islands: ['page'] },
  problem: { width: 'narrow', islands: ['page'] },
};

function body(shell: Shell, content: PageContent): VNode {
  switch (content.page) {
    case 'home':
      return <HomePage shell={shell} props={content.props} />;
    case 'profile':
      return <ProfilePage shell={shell} props={content.props} />;
    case 'post':
      return <PostPage shell={shell} props={content.props} />;
    case 'people':
      return <PeoplePage shell={shell} props={content.props} />;
    case 'notifications':
      return <NotificationsPage shell={shell} props={content.props} />;
    case 'explore':
      return <ExplorePage shell={shell} props={content.props} />;
    case 'messages':
      return <MessagesPage shell={shell} props={content.props} />;
    case 'thread':
      return <ThreadPage shell={shell} props={content.props} />;
    case 'search':
      return <SearchPage shell={shell} props={content.props} />;
    case 'elsewhere':
      return <ElsewherePage shell={shell} props={content.props} />;
    case 'history':
      return <HistoryPage props={content.props} />;
    case 'viewer':
      return <ViewerPage props={content.props} />;
    case 'compose':
      return <ComposePage shell={shell} props={content.props} />;
    case 'lists':
      return <ListsPage shell={shell} props={content.props} />;
    case 'list':
      return <ListPage shell={shell} props={content.props} />;
    case 'scheduled':
      return <ScheduledPage shell={shell} props={content.props} />;
    case 'edit':
      return <EditPage shell={shell} props={content.props} />;
    case 'setup':
      return <SetupPage props={content.props} />;
    case 'signin':
      return <SignInPage shell={shell} props={content.props} />;
    case 'consent':
      return <ConsentPage shell={shell} props={content.props} />;
    case 'join':
      return <JoinPage shell={shell} props={content.props} />;
    case 'reset':
      return <ResetPage props={content.props} />;
    case 'settings':
      return <SettingsPage shell={shell} props={content.props} />;
    case 'import':
      return <ImportPage shell={shell} props={content.props} />;
    case 'admin':
      return <AdminPage shell={shell} props={content.props} />;
    case 'about':
      return <AboutPage shell={shell} props={content.props} />;
    case 'help':
      return <HelpPage shell={shell} />;
    case 'reference':
      return <ReferencePage props={content.props} />;
    case 'problem':
      return <ProblemPage props={content.props} />;
  }
}

/** Pages that ask one question and lead nowhere else. */
const alone: ReadonlySet<PageContent['page']> = new Set(['setup', 'consent']);

/**
 * The whole HTML document of a page, ready to send as `text/html; charset=utf-8`. Text is escaped;
 * only captions, profile notes and profile fields are taken as HTML. Without `head` a page asks
 * search engines to stay away and offers no link preview.
 */
export function renderPage(shell: Shell, content: PageContent): string {
  const { width, islands } = frames[content.page];
  const inner = body(shell, content);
  const whole = content.page === 'viewer';
  return `<!doctype html>${render(
    <Document shell={shell} title={content.title} head={content.head} islands={islands}>
      {whole ? (
        inner
      ) : (
        <Frame shell={shell} width={width} alone={alone.has(content.page)}>
          {inner}
        </Frame>
      )}
    </Document>,
  )}`;
}
