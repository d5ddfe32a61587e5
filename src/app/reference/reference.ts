import type { Chapter } from './describe.ts';
import { accountRoutes } from './routes-accounts.ts';
import { adminRoutes, streamingRoutes } from './routes-admin.ts';
import { newsRoutes, ownRoutes } from './routes-own.ts';
import { pixelfedRoutes } from './routes-pixelfed.ts';
import { postRoutes, timelineRoutes } from './routes-posts.ts';
import { oauthRoutes, serverRoutes } from './routes-server.ts';

/** Everything that apps may ask, by theme; a test holds it against the route table. */
export const chapters: readonly Chapter[] = [
  oauthRoutes,
  accountRoutes,
  postRoutes,
  timelineRoutes,
  newsRoutes,
  ownRoutes,
  streamingRoutes,
  serverRoutes,
  pixelfedRoutes,
  adminRoutes,
];
