import * as v from 'valibot';
import { mediaSchema } from '#doors/mastodon/media-input.ts';
import { boostSchema } from '#doors/mastodon/status-acts.ts';
import { editSchema, newSchema, scheduleSchema } from '#doors/mastodon/status-input.ts';
import { deleteSchema } from '#doors/mastodon/statuses.ts';
import { type Chapter, paged, says, word, words, yes } from './describe.ts';

const people = paged({ cursor: word('The same as max_id, for apps of Pixelfed.') });

const uploadSchema = v.object({
  ...mediaSchema.entries,
  file: v.pipe(v.string(), v.description('The photo, as a part of a multipart form.')),
});

export const postRoutes: Chapter = {
  title: 'Posts',
  routes: {
    'POST /api/v1/statuses': says(
      'Publishes a post or a comment; the same Idempotency-Key never publishes twice.',
      'Status',
      newSchema,
    ),
    'GET /api/v1/statuses': says(
      'Some posts by their ids; those that the viewer may not see are left out.',
      'Status[]',
      v.object({ id: words('Ids of posts.') }),
    ),
    'GET /api/v1/statuses/:id': says('One post.', 'Status'),
    'PUT /api/v1/statuses/:id': says('Changes a post of one’s own.', 'Status', editSchema),
    'DELETE /api/v1/statuses/:id': says(
      'Deletes a post of one’s own and shows it once more, with its caption as typed. Its photos stay for a day, for its author alone, unless `delete_media` is said.',
      'DeletedStatus',
      deleteSchema,
    ),
    'GET /api/v1/statuses/:id/context': says('What stands above and below a post.', 'Context'),
    'GET /api/v1/statuses/:id/history': says('Every state of a post.', 'StatusEdit[]'),
    'GET /api/v1/statuses/:id/source': says('The caption as it was typed.', 'StatusSource'),
    'POST /api/v1/statuses/:id/favourite': says('Likes a post.', 'Status'),
    'POST /api/v1/statuses/:id/unfavourite': says('Takes a like back.', 'Status'),
    'POST /api/v1/statuses/:id/reblog': says(
      'Boosts a post; the answer wraps it.',
      'Status',
      boostSchema,
    ),
    'POST /api/v1/statuses/:id/unreblog': says('Takes a boost back.', 'Status'),
    'POST /api/v1/statuses/:id/bookmark': says('Keeps a post for later.', 'Status'),
    'POST /api/v1/statuses/:id/unbookmark': says('Keeps it no longer.', 'Status'),
    'POST /api/v1/statuses/:id/pin': says('Puts a post on top of one’s page.', 'Status'),
    'POST /api/v1/statuses/:id/unpin': says('Takes it from there.', 'Status'),
    'POST /api/v1/statuses/:id/mute': says('No more news of this thread.', 'Status'),
    'POST /api/v1/statuses/:id/unmute': says('News of it again.', 'Status'),
    'GET /api/v1/statuses/:id/favourited_by': says('Who likes a post.', 'Account[]', people),
    'GET /api/v1/statuses/:id/reblogged_by': says('Who boosted a post.', 'Account[]', people),
    'GET /api/v1/favourites': says('What the viewer likes, latest first.', 'Status[]', paged()),
    'GET /api/v1/bookmarks': says('What the viewer keeps, latest first.', 'Status[]', paged()),
    'GET /api/v1/scheduled_statuses': says(
      'Posts that wait for their hour.',
      'ScheduledStatus[]',
      paged(),
    ),
    'GET /api/v1/scheduled_statuses/:id': says('One of them.', 'ScheduledStatus'),
    'PUT /api/v1/scheduled_statuses/:id': says(
      'Changes its hour.',
      'ScheduledStatus',
      scheduleSchema,
    ),
    'DELETE /api/v1/scheduled_statuses/:id': says('It is not published.', 'An empty object.'),
    'POST /api/v2/media': says(
      'Takes a photo, as a multipart form; it is ready.',
      'MediaAttachment',
      uploadSchema,
    ),
    'POST /api/v1/media': says('The same, for older apps.', 'MediaAttachment', uploadSchema),
    'GET /api/v1/media/:id': says('A photo of one’s own.', 'MediaAttachment'),
    'PUT /api/v1/media/:id': says('Describes, turns or cuts it.', 'MediaAttachment', mediaSchema),
    'DELETE /api/v1/media/:id': says('Throws a photo away that is in no post.', 'An empty object.'),
    'GET /api/oembed': says(
      'A public post as oEmbed describes it, for pages that show it.',
      'An oEmbed document.',
      v.object({
        url: word('Address of a post of this server.'),
        maxwidth: word('Pixels.'),
        maxheight: word('Pixels.'),
        format: word('json'),
      }),
    ),
  },
};

const origin = {
  local: yes('Only of this server.'),
  remote: yes('Only of others.'),
  only_media: yes('Only posts with photos.'),
};

export const timelineRoutes: Chapter = {
  title: 'Timelines',
  routes: {
    'GET /api/v1/timelines/home': says(
      'What the people post whom the viewer follows.',
      'Status[]',
      paged(),
    ),
    'GET /api/v1/timelines/public': says('What everybody posts.', 'Status[]', paged(origin)),
    'GET /api/v1/timelines/tag/:tag': says(
      'Posts with a hashtag.',
      'Status[]',
      paged({
        ...origin,
        any: words('Or with one of these.'),
        all: words('And with all of these.'),
        none: words('And with none of these.'),
      }),
    ),
    'GET /api/v1/timelines/list/:id': says('What the people of a list post.', 'Status[]', paged()),
    'GET /api/v2/search': says(
      'Searches people, hashtags, and words in captions and alt texts.',
      'Search',
      v.object({
        q: word('What to look for; an address or a handle is fetched with resolve.'),
        type: word('accounts, hashtags or statuses'),
        resolve: yes('Ask other servers.'),
        following: yes('Only people whom the viewer follows.'),
        account_id: word('Only posts of this account.'),
        limit: word('How many of each, at most 40.'),
        offset: word('How many to leave out.'),
      }),
    ),
    'GET /api/v1/trends': says('Hashtags that are used much of late.', 'Tag[]'),
    'GET /api/v1/trends/tags': says('Hashtags that are used much of late.', 'Tag[]'),
    'GET /api/v1/trends/statuses': says('Posts that are liked much of late.', 'Status[]'),
    'GET /api/v1/trends/links': says('Always empty.', 'An empty list.'),
    'GET /api/v1/tags/:name': says('A hashtag.', 'Tag'),
    'POST /api/v1/tags/:name/follow': says('Follows a hashtag.', 'Tag'),
    'POST /api/v1/tags/:name/unfollow': says('Follows it no longer.', 'Tag'),
    'GET /api/v1/followed_tags': says('Hashtags that the viewer follows.', 'Tag[]', paged()),
    'GET /api/v1/conversations': says(
      'Messages, by those who take part.',
      'Conversation[]',
      paged(),
    ),
    'POST /api/v1/conversations/:id/read': says('Marks one as read.', 'Conversation'),
    'POST /api/v1/conversations/:id/unread': says('Marks one as unread.', 'Conversation'),
    'GET /api/v1/tintype/conversations/:id/statuses': says('Its messages.', 'Status[]', paged()),
    'DELETE /api/v1/conversations/:id': says('Puts one out of sight.', 'An empty object.'),
  },
};
