import * as v from 'valibot';
import { followSchema, muteSchema, noteSchema } from '#doors/mastodon/relations-input.ts';
import { reportSchema } from '#doors/mastodon/reports.ts';
import { signUpSchema } from '#doors/mastodon/sign-up.ts';
import { type Chapter, paged, says, word, words, yes } from './describe.ts';

const people = paged({ cursor: word('The same as max_id, for apps of Pixelfed.') });

export const accountRoutes: Chapter = {
  title: 'People',
  routes: {
    'GET /api/v1/accounts/verify_credentials': says('The own account.', 'CredentialAccount'),
    'GET /api/v1/accounts/lookup': says(
      'Finds an account by its handle.',
      'Account',
      v.object({ acct: word('name or name@domain') }),
    ),
    'GET /api/v1/accounts/search': says(
      'Searches people by name and handle.',
      'Account[]',
      v.object({
        q: word('What to look for.'),
        limit: word('How many, at most 80.'),
        resolve: yes('Ask other servers for a whole handle.'),
        following: yes('Only people whom the viewer follows.'),
      }),
    ),
    'POST /api/v1/accounts': says(
      'Makes an account, where the owner lets people join; with a token of the app itself.',
      'Token',
      signUpSchema,
    ),
    'GET /api/v1/accounts': says(
      'Several accounts at once.',
      'Account[]',
      v.object({ id: words('Ids of accounts, at most 80.') }),
    ),
    'GET /api/v1/accounts/relationships': says(
      'How the viewer stands to some accounts.',
      'Relationship[]',
      v.object({ id: words('Ids of accounts, at most 80.') }),
    ),
    'GET /api/v1/accounts/familiar_followers': says(
      'Who of those whom the viewer follows follows these accounts too.',
      'FamiliarFollowers[]',
      v.object({ id: words('Ids of accounts.') }),
    ),
    'GET /api/v1/accounts/:id': says('One account.', 'Account'),
    'GET /api/v1/accounts/:id/statuses': says(
      'What an account posted, newest first.',
      'Status[]',
      paged({
        only_media: yes('Only posts with photos.'),
        pinned: yes('Only what stands on top of the page.'),
        exclude_replies: yes('No comments.'),
        exclude_reblogs: yes('No boosts.'),
        tagged: word('Only posts with this hashtag.'),
      }),
    ),
    'GET /api/v1/accounts/:id/followers': says('Who follows an account.', 'Account[]', people),
    'GET /api/v1/accounts/:id/following': says('Whom an account follows.', 'Account[]', people),
    'GET /api/v1/accounts/:id/lists': says('In which lists of the viewer an account is.', 'List[]'),
    'GET /api/v1/accounts/:id/featured_tags': says(
      'Hashtags that an account shows on its page.',
      'FeaturedTag[]',
    ),
    'GET /api/v1/accounts/:id/endorsements': says('Always empty.', 'Account[]'),
    'POST /api/v1/accounts/:id/follow': says('Follows, or asks to.', 'Relationship', followSchema),
    'POST /api/v1/accounts/:id/unfollow': says('Follows no longer.', 'Relationship'),
    'POST /api/v1/accounts/:id/remove_from_followers': says(
      'Removes a follower, who is not told.',
      'Relationship',
    ),
    'POST /api/v1/accounts/:id/block': says('Blocks an account.', 'Relationship'),
    'POST /api/v1/accounts/:id/unblock': says('Ends a block.', 'Relationship'),
    'POST /api/v1/accounts/:id/mute': says(
      'Keeps an account out of the viewer’s lists, for a while or for good.',
      'Relationship',
      muteSchema,
    ),
    'POST /api/v1/accounts/:id/unmute': says('Ends a mute.', 'Relationship'),
    'POST /api/v1/accounts/:id/note': says(
      'Notes something about an account, for the viewer’s eyes.',
      'Relationship',
      noteSchema,
    ),
    'GET /api/v1/blocks': says('Whom the viewer blocks.', 'Account[]', people),
    'GET /api/v1/mutes': says('Whom the viewer mutes, and until when.', 'MutedAccount[]', people),
    'GET /api/v1/follow_requests': says('Who asks to follow.', 'Account[]', people),
    'POST /api/v1/follow_requests/:id/authorize': says('Lets somebody follow.', 'Relationship'),
    'POST /api/v1/follow_requests/:id/reject': says('Does not let them.', 'Relationship'),
    'POST /api/v1/reports': says('Tells the admins of an account.', 'Report', reportSchema),
  },
};
