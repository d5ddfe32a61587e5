import { accountActionSchema } from '#doors/mastodon/admin-accounts.ts';
import { domainAllowSchema, domainBlockSchema } from '#doors/mastodon/admin-domains.ts';
import { type Chapter, paged, says } from './describe.ts';

/** What admins do through apps. */
export const adminRoutes: Chapter = {
  title: 'Admins',
  routes: {
    'GET /api/v1/admin/accounts': says('The accounts of this server.', 'A list.', paged()),
    'GET /api/v2/admin/accounts': says('The same, asked another way.', 'A list.', paged()),
    'GET /api/v1/admin/accounts/:id': says('One of them.', 'An object.'),
    'POST /api/v1/admin/accounts/:id/action': says(
      'Suspends or limits an account.',
      'An empty object.',
      accountActionSchema,
    ),
    'POST /api/v1/admin/accounts/:id/unsuspend': says('Ends a suspension.', 'An object.'),
    'POST /api/v1/admin/accounts/:id/unsilence': says('Ends a limit.', 'An object.'),
    'DELETE /api/v1/admin/accounts/:id': says('Deletes a suspended account.', 'An object.'),
    'GET /api/v1/admin/domain_blocks': says('Servers that are cut off.', 'A list.', paged()),
    'GET /api/v1/admin/domain_blocks/:id': says('One of them.', 'An object.'),
    'POST /api/v1/admin/domain_blocks': says('Cuts one off.', 'An object.', domainBlockSchema),
    'PUT /api/v1/admin/domain_blocks/:id': says('Changes how far.', 'An object.'),
    'DELETE /api/v1/admin/domain_blocks/:id': says('Speaks with it again.', 'An empty object.'),
    'GET /api/v1/admin/domain_allows': says('Servers that are allowed.', 'A list.', paged()),
    'GET /api/v1/admin/domain_allows/:id': says('One of them.', 'An object.'),
    'POST /api/v1/admin/domain_allows': says('Allows one.', 'An object.', domainAllowSchema),
    'DELETE /api/v1/admin/domain_allows/:id': says('Allows it no longer.', 'An empty object.'),
    'GET /api/v1/admin/reports': says('What was reported.', 'A list.', paged()),
    'GET /api/v1/admin/reports/:id': says('One of them.', 'An object.'),
    'POST /api/v1/admin/reports/:id/resolve': says('It is dealt with.', 'An object.'),
    'POST /api/v1/admin/reports/:id/reopen': says('It is not.', 'An object.'),
  },
};

/** What happens, as it happens. */
export const streamingRoutes: Chapter = {
  title: 'Streaming',
  routes: {
    'GET /api/v1/streaming': says(
      'A WebSocket for any number of streams: `{"type":"subscribe","stream":"user"}`.',
      'Frames of JSON.',
    ),
    'GET /api/v1/streaming/*': says(
      'One stream as server-sent events: user, user/notification, public, public/local, public/remote, hashtag, hashtag/local, list, direct.',
      'Events.',
    ),
    'GET /api/v1/streaming/health': says('Whether it runs.', 'The word OK.'),
  },
};
