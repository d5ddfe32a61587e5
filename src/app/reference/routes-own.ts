import * as v from 'valibot';
import { credentialsSchema } from '#doors/mastodon/credentials-input.ts';
import {
  filterPostSchema,
  filterSchema,
  keywordSchema,
  phraseSchema,
} from '#doors/mastodon/filter-input.ts';
import { markersSchema } from '#doors/mastodon/markers.ts';
import {
  listAccountsSchema,
  listChangeSchema,
  listSchema,
  tagNameSchema,
} from '#doors/mastodon/relations-input.ts';
import { type Chapter, paged, says, word, words } from './describe.ts';

/** What belongs to the viewer: lists, filters, news, settings. */
export const ownRoutes: Chapter = {
  title: 'Lists, filters and settings',
  routes: {
    'GET /api/v1/lists': says('The viewer’s lists.', 'List[]'),
    'POST /api/v1/lists': says('Makes a list.', 'List', listSchema),
    'GET /api/v1/lists/:id': says('One list.', 'List'),
    'PUT /api/v1/lists/:id': says('Changes a list.', 'List', listChangeSchema),
    'DELETE /api/v1/lists/:id': says('Deletes a list.', 'An empty object.'),
    'GET /api/v1/lists/:id/accounts': says('Who is in a list.', 'Account[]', paged()),
    'POST /api/v1/lists/:id/accounts': says(
      'Puts people into a list.',
      'An empty object.',
      listAccountsSchema,
    ),
    'DELETE /api/v1/lists/:id/accounts': says(
      'Takes them out.',
      'An empty object.',
      listAccountsSchema,
    ),
    'GET /api/v2/filters': says('The viewer’s filters.', 'Filter[]'),
    'POST /api/v2/filters': says('Makes a filter.', 'Filter', filterSchema),
    'GET /api/v2/filters/:id': says('One filter.', 'Filter'),
    'PUT /api/v2/filters/:id': says('Changes a filter.', 'Filter', filterSchema),
    'DELETE /api/v2/filters/:id': says('Deletes a filter.', 'An empty object.'),
    'GET /api/v2/filters/:id/keywords': says('Its words.', 'FilterKeyword[]'),
    'POST /api/v2/filters/:id/keywords': says('Adds a word.', 'FilterKeyword', keywordSchema),
    'GET /api/v2/filters/keywords/:id': says('One word.', 'FilterKeyword'),
    'PUT /api/v2/filters/keywords/:id': says('Changes a word.', 'FilterKeyword', keywordSchema),
    'DELETE /api/v2/filters/keywords/:id': says('Removes a word.', 'An empty object.'),
    'GET /api/v2/filters/:id/statuses': says('Its posts.', 'FilterStatus[]'),
    'POST /api/v2/filters/:id/statuses': says('Adds a post.', 'FilterStatus', filterPostSchema),
    'GET /api/v2/filters/statuses/:id': says('One of them.', 'FilterStatus'),
    'DELETE /api/v2/filters/statuses/:id': says('Removes a post.', 'An empty object.'),
    'GET /api/v1/filters': says('Filters, a word each, for older apps.', 'FilterV1[]'),
    'POST /api/v1/filters': says('Makes one.', 'FilterV1', phraseSchema),
    'GET /api/v1/filters/:id': says('One of them.', 'FilterV1'),
    'PUT /api/v1/filters/:id': says('Changes one.', 'FilterV1', phraseSchema),
    'DELETE /api/v1/filters/:id': says('Deletes one.', 'An empty object.'),
    'GET /api/v1/domain_blocks': says(
      'Servers that the viewer hides.',
      'A list of domains.',
      paged(),
    ),
    'POST /api/v1/domain_blocks': says(
      'Hides a server.',
      'An empty object.',
      v.object({ domain: word('Its name.') }),
    ),
    'DELETE /api/v1/domain_blocks': says(
      'Hides it no longer.',
      'An empty object.',
      v.object({ domain: word('Its name.') }),
    ),
    'GET /api/v1/featured_tags': says('Hashtags on the viewer’s page.', 'FeaturedTag[]'),
    'POST /api/v1/featured_tags': says('Shows a hashtag there.', 'FeaturedTag', tagNameSchema),
    'DELETE /api/v1/featured_tags/:id': says('Shows it no longer.', 'An empty object.'),
    'GET /api/v1/featured_tags/suggestions': says('Hashtags that the viewer uses most.', 'Tag[]'),
    'POST /api/v1/tags/:name/feature': says('Shows a hashtag on the viewer’s page.', 'Tag'),
    'POST /api/v1/tags/:name/unfeature': says('Shows it no longer.', 'Tag'),
    'GET /api/v1/endorsements': says('Always empty.', 'Account[]'),
    'GET /api/v1/suggestions': says('People to get to know.', 'Account[]'),
    'DELETE /api/v1/suggestions/:id': says('Not this one.', 'An empty object.'),
    'GET /api/v2/suggestions': says('People to get to know, and why.', 'Suggestion[]'),
    'GET /api/v1/directory': says('People of this server who want to be found.', 'Account[]'),
    'GET /api/v1/preferences': says('What new posts start with.', 'Preferences'),
    'GET /api/v1/markers': says(
      'How far the viewer has read.',
      'Markers',
      v.object({ timeline: words('home, notifications') }),
    ),
    'POST /api/v1/markers': says('Remembers how far.', 'Markers', markersSchema),
    'PATCH /api/v1/accounts/update_credentials': says(
      'Changes the own profile; pictures come as a multipart form.',
      'CredentialAccount',
      credentialsSchema,
    ),
    'POST /api/v1/accounts/update_credentials': says(
      'The same, as apps of Pixelfed ask.',
      'CredentialAccount',
      credentialsSchema,
    ),
    'GET /api/v1/profile': says('The own profile, to edit it.', 'An object.'),
    'PATCH /api/v1/profile': says('Changes it.', 'An object.', credentialsSchema),
    'DELETE /api/v1/profile/avatar': says('Removes the picture.', 'CredentialAccount'),
    'DELETE /api/v1/profile/header': says('Removes the picture above.', 'CredentialAccount'),
  },
};

const kinds = {
  types: words('Only these kinds.'),
  exclude_types: words('Not these kinds.'),
  account_id: word('Only by this account.'),
};

export const newsRoutes: Chapter = {
  title: 'Notifications',
  routes: {
    'GET /api/v1/notifications': says('What is new, one by one.', 'Notification[]', paged(kinds)),
    'GET /api/v1/notifications/:id': says('One of them.', 'Notification'),
    'GET /api/v1/notifications/unread_count': says('How many are unread.', '`{ "count": 3 }`'),
    'POST /api/v1/notifications/clear': says('Removes all.', 'An empty object.'),
    'POST /api/v1/notifications/dismiss': says('Removes one.', 'An empty object.'),
    'POST /api/v1/notifications/:id/dismiss': says('Removes one.', 'An empty object.'),
    'GET /api/v2/notifications': says(
      'What is new, the same kind about the same post together.',
      'GroupedNotificationsResults',
      paged({ ...kinds, grouped_types: words('Only these are put together.') }),
    ),
    'GET /api/v2/notifications/unread_count': says(
      'How many groups are unread.',
      '`{ "count": 3 }`',
    ),
    'GET /api/v2/notifications/policy': says(
      'Of whom the viewer wants to hear: of everybody.',
      'NotificationPolicy',
    ),
    'PATCH /api/v2/notifications/policy': says('Refused: it is always everybody.', 'An error.'),
    'GET /api/v2/notifications/:group_key': says('One group.', 'GroupedNotificationsResults'),
    'POST /api/v2/notifications/:group_key/dismiss': says('Removes a group.', 'An empty object.'),
    'GET /api/v2/notifications/:group_key/accounts': says('Who is in a group.', 'Account[]'),
    'PUT /api/v2/notifications/policy': says('Refused: it is always everybody.', 'An error.'),
    'GET /api/v1/notifications/requests': says('Always empty.', 'An empty list.'),
    'GET /api/v1/notifications/requests/merged': says('Always so.', '`{ "merged": true }`'),
    'GET /api/v1/notifications/requests/:id': says('There are none.', 'An error.'),
    'POST /api/v1/notifications/requests/:id/accept': says('There are none.', 'An error.'),
    'POST /api/v1/notifications/requests/:id/dismiss': says('There are none.', 'An error.'),
    'GET /api/v1/push/subscription': says(
      'Where this app gets its news pushed; 404 for nowhere.',
      'WebPushSubscription',
    ),
    'POST /api/v1/push/subscription': says('Pushes news there.', 'WebPushSubscription'),
    'PUT /api/v1/push/subscription': says('Changes which news.', 'WebPushSubscription'),
    'DELETE /api/v1/push/subscription': says('Pushes no longer.', 'An empty object.'),
    'GET /api/v1/announcements': says('That this place closes, if it does.', 'A list.'),
  },
};
