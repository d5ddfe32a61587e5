import type { Context } from '#base/context.ts';
import { canSeeMedia } from '#domain/posts/see-media.ts';
import { inboxes } from '#doors/federation/inbound/inboxes.ts';
import { actorLists } from '#doors/federation/routes/actor-lists.ts';
import { createDocuments } from '#doors/federation/routes/documents.ts';
import { instanceActor } from '#doors/federation/routes/instance-actor.ts';
import { outbox } from '#doors/federation/routes/outbox.ts';
import { postParts } from '#doors/federation/routes/post-parts.ts';
import { hostMeta } from '#doors/federation/wellknown/host-meta.ts';
import { nodeinfo } from '#doors/federation/wellknown/nodeinfo.ts';
import { webfinger } from '#doors/federation/wellknown/webfinger.ts';
import { readCaller } from '#doors/http/caller.ts';
import { createMediaFiles } from '#doors/http/media-files.ts';
import { createDoor, type Door, type FrontDoor } from '#doors/http/server.ts';
import { accounts } from '#doors/mastodon/accounts.ts';
import { accountsById } from '#doors/mastodon/accounts-by-id.ts';
import { adminAccountsApi } from '#doors/mastodon/admin-accounts.ts';
import { adminDomainsApi } from '#doors/mastodon/admin-domains.ts';
import { adminReportsApi } from '#doors/mastodon/admin-reports.ts';
import { announcements } from '#doors/mastodon/announcements.ts';
import { blocks } from '#doors/mastodon/blocks.ts';
import { conversations } from '#doors/mastodon/conversations.ts';
import { credentials } from '#doors/mastodon/credentials.ts';
import { domainBlocks } from '#doors/mastodon/domain-blocks.ts';
import { featuredTags } from '#doors/mastodon/featured-tags.ts';
import { filterPosts, filterWords } from '#doors/mastodon/filter-parts.ts';
import { filters } from '#doors/mastodon/filters.ts';
import { follows } from '#doors/mastodon/follows.ts';
import { groupedNotifications } from '#doors/mastodon/grouped-notifications.ts';
import { instance } from '#doors/mastodon/instance.ts';
import { kept } from '#doors/mastodon/kept.ts';
import { listMembers } from '#doors/mastodon/list-members.ts';
import { lists } from '#doors/mastodon/lists.ts';
import { markers } from '#doors/mastodon/markers.ts';
import { media } from '#doors/mastodon/media.ts';
import { mutes } from '#doors/mastodon/mutes.ts';
import { notificationPolicy, notifications } from '#doors/mastodon/notifications.ts';
import { oembed } from '#doors/mastodon/oembed.ts';
import { oldFilters } from '#doors/mastodon/old-filters.ts';
import { preferences } from '#doors/mastodon/preferences.ts';
import { push } from '#doors/mastodon/push.ts';
import { reports } from '#doors/mastodon/reports.ts';
import { scheduled } from '#doors/mastodon/scheduled.ts';
import { searches } from '#doors/mastodon/searches.ts';
import { signUp } from '#doors/mastodon/sign-up.ts';
import { statusActs } from '#doors/mastodon/status-acts.ts';
import { statusPeople } from '#doors/mastodon/status-people.ts';
import { statusReads } from '#doors/mastodon/status-reads.ts';
import { statuses } from '#doors/mastodon/statuses.ts';
import { stubs } from '#doors/mastodon/stubs.ts';
import { suggestions } from '#doors/mastodon/suggestions.ts';
import { tags } from '#doors/mastodon/tags.ts';
import { timelines } from '#doors/mastodon/timelines.ts';
import { trends } from '#doors/mastodon/trends.ts';
import { apps } from '#doors/oauth/apps.ts';
import { authorize } from '#doors/oauth/authorize.ts';
import { metadata } from '#doors/oauth/metadata.ts';
import { revoke } from '#doors/oauth/revoke.ts';
import { token } from '#doors/oauth/token.ts';
import { userinfo } from '#doors/oauth/userinfo.ts';
import { about } from '#doors/pages/about.ts';
import { adminAccounts } from '#doors/pages/admin-accounts.ts';
import { adminBackups } from '#doors/pages/admin-backups.ts';
import { adminClosing } from '#doors/pages/admin-closing.ts';
import { adminDomains } from '#doors/pages/admin-domains.ts';
import { adminInvites } from '#doors/pages/admin-invites.ts';
import { adminOverview } from '#doors/pages/admin-overview.ts';
import { adminReports } from '#doors/pages/admin-reports.ts';
import { adminSettingsPage } from '#doors/pages/admin-settings.ts';
import { adminStorage } from '#doors/pages/admin-storage.ts';
import { changePost } from '#doors/pages/change-post.ts';
import { comment } from '#doors/pages/comment.ts';
import { compose } from '#doors/pages/compose.ts';
import { editPostPage } from '#doors/pages/edit-post.ts';
import { explore } from '#doors/pages/explore.ts';
import { follow } from '#doors/pages/follow.ts';
import { help } from '#doors/pages/help.ts';
import { history } from '#doors/pages/history.ts';
import { home } from '#doors/pages/home.ts';
import { joinPage } from '#doors/pages/join.ts';
import { keptPages } from '#doors/pages/kept.ts';
import { keptOut } from '#doors/pages/kept-out.ts';
import { listPages } from '#doors/pages/lists.ts';
import { messages } from '#doors/pages/messages.ts';
import { metrics } from '#doors/pages/metrics.ts';
import { notificationsPage } from '#doors/pages/notifications.ts';
import { people } from '#doors/pages/people.ts';
import { personActs } from '#doors/pages/person-acts.ts';
import { post } from '#doors/pages/post.ts';
import { profile } from '#doors/pages/profile.ts';
import { react } from '#doors/pages/react.ts';
import { reactors } from '#doors/pages/reactors.ts';
import { remoteFollow } from '#doors/pages/remote-follow.ts';
import { resetPage } from '#doors/pages/reset.ts';
import { retryPost } from '#doors/pages/retry-post.ts';
import { scheduledPages } from '#doors/pages/scheduled.ts';
import { search } from '#doors/pages/search.ts';
import { settingsAccount } from '#doors/pages/settings-account.ts';
import { settingsArchive } from '#doors/pages/settings-archive.ts';
import { settingsFilters } from '#doors/pages/settings-filters.ts';
import { settingsImport } from '#doors/pages/settings-import.ts';
import { settingsInteractions } from '#doors/pages/settings-interactions.ts';
import { settingsMoving } from '#doors/pages/settings-moving.ts';
import { settingsPosting } from '#doors/pages/settings-posting.ts';
import { settingsProfile } from '#doors/pages/settings-profile.ts';
import { settingsPush } from '#doors/pages/settings-push.ts';
import { settingsSecurity } from '#doors/pages/settings-security.ts';
import { settingsStorage } from '#doors/pages/settings-storage.ts';
import { setupPage } from '#doors/pages/setup.ts';
import { signInPage } from '#doors/pages/sign-in.ts';
import { signOutPage } from '#doors/pages/sign-out.ts';
import { tag } from '#doors/pages/tag.ts';
import { appSettings } from '#doors/pixelfed/app-settings.ts';
import { archiveApi } from '#doors/pixelfed/archive.ts';
import { compatNodeinfo } from '#doors/pixelfed/compat-nodeinfo.ts';
import { composeApi } from '#doors/pixelfed/compose.ts';
import { configApi } from '#doors/pixelfed/config.ts';
import { directApi } from '#doors/pixelfed/direct.ts';
import { discover } from '#doors/pixelfed/discover.ts';
import { peopleApi } from '#doors/pixelfed/people.ts';
import { reportsApi } from '#doors/pixelfed/reports.ts';
import { pixelfedStubs } from '#doors/pixelfed/stubs.ts';
import { streaming } from '#doors/streaming/routes.ts';
import { type Streams, streamsOf } from '#doors/streaming/streams.ts';
import { referenceDoor } from './reference/reference-door.ts';

/** Every way in from outside: a table of contents of what the server answers. */
const doors: readonly Door[] = [
  webfinger,
  hostMeta,
  nodeinfo,
  inboxes,
  apps,
  authorize,
  metadata,
  revoke,
  token,
  userinfo,
  accounts,
  accountsById,
  adminAccountsApi,
  adminDomainsApi,
  adminReportsApi,
  conversations,
  credentials,
  blocks,
  domainBlocks,
  featuredTags,
  lists,
  listMembers,
  mutes,
  suggestions,
  tags,
  filters,
  filterWords,
  filterPosts,
  follows,
  groupedNotifications,
  instance,
  kept,
  markers,
  media,
  notifications,
  notificationPolicy,
  oembed,
  oldFilters,
  preferences,
  reports,
  scheduled,
  searches,
  signUp,
  statusActs,
  statusPeople,
  statusReads,
  statuses,
  announcements,
  stubs,
  timelines,
  trends,
  appSettings,
  archiveApi,
  compatNodeinfo,
  composeApi,
  configApi,
  directApi,
  discover,
  peopleApi,
  reportsApi,
  pixelfedStubs,
  streaming,
  push,
  instanceActor,
  actorLists,
  outbox,
  postParts,
  about,
  adminAccounts,
  adminBackups,
  adminClosing,
  adminDomains,
  adminInvites,
  adminOverview,
  adminReports,
  adminSettingsPage,
  adminStorage,
  changePost,
  comment,
  compose,
  editPostPage,
  explore,
  follow,
  help,
  history,
  home,
  joinPage,
  keptOut,
  keptPages,
  listPages,
  messages,
  metrics,
  notificationsPage,
  people,
  personActs,
  post,
  profile,
  react,
  reactors,
  tag,
  remoteFollow,
  resetPage,
  retryPost,
  scheduledPages,
  search,
  settingsAccount,
  settingsArchive,
  settingsFilters,
  settingsImport,
  settingsInteractions,
  settingsMoving,
  settingsPosting,
  settingsProfile,
  settingsPush,
  settingsSecurity,
  settingsStorage,
  setupPage,
  signInPage,
  signOutPage,
];

/** Joins all doors behind the common one, with the short paths of photos and documents in front. */
export function openDoors(ctx: Context): FrontDoor {
  const front: FrontDoor = createDoor(ctx, {
    doors: [...doors, referenceDoor(() => front.routes)],
    mediaFiles: createMediaFiles(ctx, canSeeMedia, readCaller),
    documents: createDocuments(ctx),
  });
  return front;
}

/** Those who listen to what happens here. */
export function openStreams(ctx: Context): Streams {
  return streamsOf(ctx);
}
