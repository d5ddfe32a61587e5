/** The words of the page on which an app is let in. */
export const consent = {
  title: (app: string) => `Let ${app} in?`,
  as: 'You are signed in as',
  other: 'Use another account',
  asks: 'It asks to',
  goesTo: {
    site: (name: string) => `Your answer goes to ${name}.`,
    device: (name: string) =>
      `Your answer goes to the app on this device that opens ${name}: links.`,
    code: () => 'You will get a code to type into the app.',
  },
  unknown:
    'Anybody can make an app and give it any name. Only go on if you have just opened it yourself.',
  takeBack: 'You can shut it out at any time under Settings, Sign-in.',
  allow: 'Let it in',
  deny: 'No',
  codeTitle: 'Your code',
  codeLead: (app: string) => `Copy this code into ${app}. It works once, for ten minutes.`,
  code: 'Code',
  codeHint: 'Show it to nobody else.',
} as const;

/** What people understand under each scope; the wider ones stand for all below them. */
const meanings: readonly (readonly [scope: string, text: string])[] = [
  ['read', 'see everything that you see, private posts and messages too'],
  ['read:accounts', 'see accounts and your own'],
  ['read:blocks', 'see whom you block'],
  ['read:bookmarks', 'see your bookmarks'],
  ['read:collections', 'see your collections'],
  ['read:favourites', 'see what you like'],
  ['read:filters', 'see your filters'],
  ['read:follows', 'see whom you follow'],
  ['read:lists', 'see your lists'],
  ['read:mutes', 'see whom you mute'],
  ['read:notifications', 'see your notifications'],
  ['read:search', 'search in your name'],
  ['read:statuses', 'see all posts that you see, private ones too'],
  ['write', 'post, change, delete and everything else in your name'],
  ['write:accounts', 'change your profile'],
  ['write:blocks', 'block people and servers'],
  ['write:bookmarks', 'change your bookmarks'],
  ['write:collections', 'change your collections'],
  ['write:conversations', 'change your conversations'],
  ['write:favourites', 'like posts'],
  ['write:filters', 'change your filters'],
  ['write:follows', 'follow people'],
  ['write:lists', 'change your lists'],
  ['write:media', 'upload photos'],
  ['write:mutes', 'mute people and threads'],
  ['write:notifications', 'clear your notifications'],
  ['write:reports', 'report posts and people'],
  ['write:statuses', 'publish, change and delete posts'],
  ['follow', 'follow, mute and block people'],
  ['push', 'send you notifications'],
  ['profile', 'see who you are'],
  ['admin:read', 'see what the admins of this server see'],
  ['admin:write', 'do what the admins of this server do'],
];

/** What scopes allow, as sentences without a beginning; those that a wider one contains are left out. */
export function permissions(scopes: readonly string[]): string[] {
  const wide = new Set(scopes);
  const within = (scope: string) => {
    const parent = scope.slice(0, scope.lastIndexOf(':'));
    return scope.includes(':') && wide.has(parent);
  };
  const shown = scopes.filter((scope) => !within(scope));
  return shown.map((scope) => meanings.find(([name]) => name === scope)?.[1] ?? scope);
}
