import start from './migrations/0001-start.sql' with { type: 'text' };
import closedPosts from './migrations/0002-closed-posts.sql' with { type: 'text' };
import mentionsRev from './migrations/0003-mentions-rev.sql' with { type: 'text' };
import federation from './migrations/0004-federation.sql' with { type: 'text' };
import clients from './migrations/0005-clients.sql' with { type: 'text' };
import appliance from './migrations/0006-appliance.sql' with { type: 'text' };

/** Every step of the schema in order; append only. The index plus one is the `user_version`. */
export const migrations: readonly string[] = [
  start,
  closedPosts,
  mentionsRev,
  federation,
  clients,
  appliance,
];
