/** The words of `/admin`. */
export const overview = {
  since: 'since',
  banners: (n: number) => (n === 1 ? 'One thing needs you.' : `${n} things need you.`),
  state: {
    ok: 'Everything is well.',
    warn: 'All of it works. What is marked wants a look when there is time.',
    fail: 'Something is wrong: it is marked below.',
  },
  lights: { warn: 'look', fail: 'wrong' },
  more: (title: string) => `More about ${title.toLowerCase()}`,
  hosts: 'Other servers',
  hostsHint: 'Those to which something could not be brought, the worst first.',
  hostsEmpty: 'Everything was delivered.',
  counts: (waiting: number, givenUp: number) => `${waiting} waiting, ${givenUp} given up`,
  failing: 'unreachable since',
  troubles: 'What went wrong of late',
  troublesHint:
    'Warnings and errors of the log, the newest first; all of it lies in the folder “logs” of the data.',
  troublesEmpty: 'Nothing.',
  levels: { warning: 'warning', error: 'error' },
  doctor:
    'At the command line “tintype doctor” looks at everything else: name, certificate, disk, files.',
} as const;
