import * as v from 'valibot';
import { appSettingsSchema } from '#doors/pixelfed/app-settings.ts';
import { messageSchema } from '#doors/pixelfed/direct.ts';
import { pixelfedReportSchema } from '#doors/pixelfed/reports.ts';
import { type Chapter, paged, type RouteDescription, says, word } from './describe.ts';

const person = v.object({ pid: word('Id of the other person.') });
const range = paged({ range: word('daily, monthly or yearly') });

/** What older versions of these apps ask under `/api/v1.1`, newer ones ask under `/api/pixelfed/v1`. */
const twice: Record<string, RouteDescription> = {
  'GET compose/settings': says('What a new post may be.', 'An object.'),
  'GET compose/search/location': says(
    'Places are words here: always empty.',
    'An empty list.',
    v.object({ q: word('What to look for.') }),
  ),
  'GET direct/thread': says('Messages with one person.', 'A thread.', person),
  'POST direct/thread/send': says('Sends one.', 'The message.', messageSchema),
  'POST direct/thread/read': says('Marks them as read.', 'An empty object.', person),
  'DELETE direct/thread/message': says(
    'Deletes one.',
    '`[200]`',
    v.object({ id: word('Id of the message.') }),
  ),
  'GET direct/compose/mutuals': says('To whom the viewer may write.', 'A list of people.'),
  'GET discover/posts/trending': says('Posts that are liked much of late.', 'Status[]', range),
  'GET discover/posts/network/trending': says('The same of other servers.', 'Status[]', range),
  'GET discover/posts/hashtags': says('Hashtags in fashion.', 'A list of hashtags.', paged()),
  'GET discover/accounts/popular': says('People with many followers.', 'Account[]', paged()),
  'GET accounts/mutuals/:id': says('Whom the viewer and somebody both know.', 'Account[]'),
  'GET accounts/username/:name': says('One account, by its name.', 'Account'),
  'DELETE accounts/avatar': says('Removes the own picture.', 'CredentialAccount'),
  'POST report': says('Tells the admins.', 'An object.', pixelfedReportSchema),
  'GET collections/self': says('There are none: always empty.', 'An empty list.'),
  'GET nag/state': says('Nobody is nagged.', 'An object.'),
  'GET push/state': says('Pixelfed’s own push is not spoken here.', 'An object.'),
};

const under = (prefix: string): [string, RouteDescription][] =>
  Object.entries(twice).map(([key, row]) => [key.replace(' ', ` ${prefix}`), row]);

/** What Pixelfed's apps ask beyond Mastodon's. */
export const pixelfedRoutes: Chapter = {
  title: 'Apps of Pixelfed',
  routes: {
    'GET /api/nodeinfo/2.0.json': says(
      'Says to Pixelfed’s own app what it must hear to sign in; `compat.pixelfed_app` turns it off.',
      'An object.',
    ),
    'GET /api/v2/config': says('What the site can do.', 'An object.'),
    'GET /api/pixelfed/v2/config': says('The same.', 'An object.'),
    'GET /api/pixelfed/v1/app/settings': says('The settings of the app.', 'An object.'),
    'POST /api/pixelfed/v1/app/settings': says('Changes them.', 'An object.', appSettingsSchema),
    'GET /api/pixelfed/v1/web/settings': says('The same, for Pixelix.', 'An object.'),
    ...Object.fromEntries([...under('/api/v1.1/'), ...under('/api/pixelfed/v1/')]),
    'GET /api/pixelfed/v2/discover/posts/trending': says('Posts in fashion.', 'Status[]', range),
    'GET /api/pixelfed/v2/discover/posts/hashtags': says('Hashtags in fashion.', 'A list.'),
    'GET /api/v1/discover/posts': says('Posts to look around in.', 'Status[]', range),
    'GET /api/v1/tags/:name/related': says('Hashtags that go with this one.', 'A list.'),
    'GET /api/pixelfed/v1/accounts/:id': says('One account.', 'Account'),
    'POST /api/v1.1/archive/add/:id': says('Puts a post away.', 'An empty object.'),
    'POST /api/v1.1/archive/remove/:id': says('Brings it back.', 'An empty object.'),
    'GET /api/v1.1/archive/list': says('What was put away.', 'Status[]', paged()),
    'GET /api/v1.1/collections/accounts/:id': says('Always empty.', 'An empty list.'),
    'GET /api/v1.1/collections/view/:id': says('There are none.', 'An error.'),
    'GET /api/v1.1/collections/items/:id': says('There are none.', 'An error.'),
    'GET /api/v1.2/stories/carousel': says('There are none.', '`{ "self": [], "nodes": [] }`'),
    'GET /api/v1.1/stories/carousel': says('There are none.', '`{ "self": [], "nodes": [] }`'),
    'GET /api/pixelfed/v1/stories/self-carousel': says(
      'There are none.',
      '`{ "self": [], "nodes": [] }`',
    ),
  },
};
