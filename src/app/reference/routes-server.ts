import { appSchema } from '#doors/oauth/app-input.ts';
import { type Chapter, says } from './describe.ts';

export const serverRoutes: Chapter = {
  title: 'The server',
  routes: {
    'GET /api/v2/instance': says('What this server is and can do.', 'Instance'),
    'GET /api/v1/instance': says('The same, for older apps.', 'InstanceV1'),
    'GET /api/v1/instance/rules': says('The rules of the house.', 'Rule[]'),
    'GET /api/v1/instance/peers': says(
      'Servers that are known, if the owner shows them.',
      'A list of domains.',
    ),
    'GET /api/v1/instance/activity': says('Always empty.', 'An empty list.'),
    'GET /api/v1/instance/domain_blocks': says('Always empty.', 'An empty list.'),
    'GET /api/v1/instance/extended_description': says('What this place is.', 'An object.'),
    'GET /api/v1/instance/privacy_policy': says('What happens with data.', 'An object.'),
    'GET /api/v1/instance/translation_languages': says('Always empty.', 'An empty object.'),
    'GET /api/v2/streaming/config': says('Always empty.', 'An empty list.'),
    'GET /api/v1/custom_emojis': says('Always empty.', 'CustomEmoji[]'),
    'GET /api/v1/instance/terms_of_service': says('Always 404: the rules say it.', 'An error.'),
    'GET /api/openapi.json': says('This reference for programs.', 'An OpenAPI 3.1 document.'),
    'GET /api/docs': says('This reference for people.', 'A page.'),
  },
};

export const oauthRoutes: Chapter = {
  title: 'Apps',
  routes: {
    'POST /api/v1/apps': says('An app says who it is.', 'CredentialApplication', appSchema),
    'GET /api/v1/apps/verify_credentials': says('The app behind a token.', 'Application'),
    'GET /oauth/authorize': says('Asks a person whether an app may in.', 'A page.'),
    'POST /oauth/authorize': says('The person’s answer.', 'A redirect to the app.'),
    'POST /oauth/token': says(
      'Turns a code, a refresh token or the app’s own secret into a token.',
      'Token',
    ),
    'POST /oauth/revoke': says('Ends a token.', 'An empty object.'),
    'GET /oauth/userinfo': says(
      'Who the token belongs to, as OpenID Connect says it.',
      'An object.',
    ),
    'POST /oauth/userinfo': says('The same.', 'An object.'),
  },
};
