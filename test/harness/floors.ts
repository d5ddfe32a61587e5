/** A room: where it lies and on which floor. Files import from their own room and from lower floors. */
export type Room = { path: string; floor: number };

const on = (floor: number, ...paths: string[]): Room[] => paths.map((path) => ({ path, floor }));

/** The house, from the ground up. A path that ends in `.ts` is one file; the longest path that fits counts. */
export const rooms: readonly Room[] = [
  ...on(0, 'src/base/core'),
  ...on(1, 'src/base/config'),
  ...on(2, 'src/base/platform'),
  ...on(3, 'src/base/db'),
  ...on(4, 'src/base/context.ts'),
  ...on(5, 'src/base/jobs', 'src/base/live'),
  // The contents pages: kinds.ts, settings.ts, queue-job.ts.
  ...on(6, 'src/domain'),
  ...on(7, 'src/domain/storage', 'src/domain/policy', 'src/domain/notify'),
  ...on(8, 'src/domain/media'),
  ...on(9, 'src/domain/accounts'),
  ...on(10, 'src/domain/relationships', 'src/domain/filters', 'src/domain/messages'),
  ...on(11, 'src/domain/posts'),
  ...on(12, 'src/domain/stories', 'src/domain/collections'),
  ...on(12, 'src/domain/notifications', 'src/domain/timelines', 'src/domain/discovery'),
  ...on(13, 'src/domain/moderation', 'src/domain/membership'),
  ...on(13, 'src/domain/backup', 'src/domain/upkeep'),
  ...on(14, 'src/doors/entities'),
  ...on(15, 'src/doors/render'),
  ...on(16, 'src/doors/http'),
  ...on(17, 'src/doors/federation'),
  ...on(18, 'src/doors/oauth', 'src/doors/mastodon', 'src/doors/pixelfed'),
  ...on(18, 'src/doors/streaming', 'src/doors/archive'),
  ...on(19, 'src/doors/pages'),
  ...on(20, 'src/app'),
  ...on(21, 'src/cli'),
  ...on(22, 'src/main.ts'),
];

/** What only some places may import, with the reason. A path stands for everything below it. */
export const reserved: readonly { from: string; only: readonly string[]; because: string }[] = [
  {
    from: '#web/',
    only: ['src/doors/render', 'src/doors/pages', 'src/doors/archive', 'web', 'test', 'scripts'],
    because: 'only doors that show pages know the pages',
  },
  { from: '#test/', only: ['test', 'scripts'], because: 'the product does not know its tests' },
  { from: '#scripts/', only: ['test', 'scripts'], because: 'the product does not know its tools' },
  {
    from: 'lucia',
    only: ['src/domain/accounts/sessions.ts'],
    because: 'lucia is in maintenance only, so one file can replace it',
  },
  {
    from: '@lucia-auth/adapter-sqlite',
    only: ['src/domain/accounts/sessions.ts'],
    because: 'lucia is in maintenance only, so one file can replace it',
  },
  {
    from: 'sharp',
    only: ['src/base/platform/images', 'scripts', 'test'],
    because: 'pictures are decoded in the image worker alone',
  },
  {
    from: 'elysia',
    only: ['src/doors', 'src/app', 'test', 'scripts'],
    because: 'the domain knows nothing of HTTP',
  },
  { from: 'croner', only: ['src/base/jobs'], because: 'recurring work is recorded there' },
  { from: 'bun:ffi', only: ['src/base/platform', 'test', 'scripts'], because: 'it is a seam' },
];
