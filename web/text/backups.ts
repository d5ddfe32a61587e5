/** The words of the page of backups. */
export const backups = {
  now: 'Make a backup now',
  tryOut: 'Try the newest one out',
  tryHint:
    'A backup is proven by using it: the newest one is restored beside the running server, started, looked at and removed.',
  running: (what: string, step: string, done: number, total: number) =>
    total > 0 ? `${what}: ${step} ${done} of ${total} …` : `${what}: ${step} …`,
  kinds: {
    create: 'A backup is being made',
    verify: 'A backup is being checked',
    drill: 'A backup is being tried out',
    prune: 'Old backups are being removed',
  } as Readonly<Record<string, string>>,
  steps: {
    '': 'it begins',
    database: 'the database is copied',
    photos: 'photos are copied,',
    check: 'everything is read again,',
    prune: 'old backups go',
  } as Readonly<Record<string, string>>,
  goesOn: 'Everybody can go on meanwhile. This page looks again by itself.',
  settings: 'Settings',
  every: (label: string) => `By themselves: ${label.toLowerCase()}`,
  keep: (rule: string) => `Kept: the newest of each of ${keptSpans(rule)}`,
  toSettings: 'Change when they are made and how long they are kept',
  placeHint:
    'The place is set where the server is started (backup.to): a directory on another disk, or a bucket.',
  sameDisk:
    'This place is on the same disk as the photos. It helps against mistakes, not when the disk breaks or the machine is stolen: set backup.to to another disk or a bucket.',
  plain: 'Not encrypted: whoever has this place can read everything (backup.passphrase).',
  sealed:
    'Encrypted. Keep the passphrase somewhere else: without it nobody can read these backups.',
  none: 'There is no backup here yet.',
  failed: 'The last backup failed',
  interrupted: 'The last backup was interrupted',
  failedHelp:
    'The backups before it are untouched. Mend what the sentence names, then make one by hand; it is also tried again by itself six hours later.',
  photos: (n: number) => (n === 1 ? 'one photo file' : `${n} photo files`),
  fresh: (size: string) => `${size} new`,
  checked: 'every byte checked',
  checkedPart: 'new photos and a part of the others checked',
  bad: 'not whole',
  tried: 'tried out',
  triedBad: 'could not be used when it was tried out',
  unchecked: 'not checked',
  check: 'Check',
  restore: 'How to restore',
  restoreText:
    'At the command line: stop the server, run “tintype restore” with the path of a backup, start it again. The README says it step by step (“Restoring”).',
  key: 'Key',
  keyHint:
    'Backups are signed. When you restore on a new machine, this is the fingerprint that you should see there; write it down.',
};

/** A rule like `7d 4w 12m` in words. */
function keptSpans(rule: string): string {
  const names: Readonly<Record<string, string>> = {
    h: 'hour',
    d: 'day',
    w: 'week',
    m: 'month',
    y: 'year',
  };
  const spans = [...rule.matchAll(/(\d+)\s*([hdwmy])/g)].map(
    ([, count = '', unit = '']) => `${count} ${names[unit]}${count === '1' ? '' : 's'}`,
  );
  return spans.length > 1 ? `${spans.slice(0, -1).join(', ')} and ${spans.at(-1)}` : spans.join('');
}
