/** The words of `/admin/storage` about kinds and growth. */
export const storage = {
  kinds: 'By kind',
  kindNames: {
    original: 'Originals',
    rendition: 'Versions for viewing',
    offered: 'Originals to be handed out',
    avatar: 'Pictures of people',
  } as Readonly<Record<string, string>>,
  files: (n: number) => (n === 1 ? '1 file' : `${n.toLocaleString('en-GB')} files`),
  bucket: 'Bucket',
  lives: (label: string) =>
    `Photos live in the bucket ${label}. The disk keeps copies of what people look at.`,
  back: (label: string) =>
    `Photos were told to come back from the bucket ${label}; “tintype media move --to disk” says how far they are.`,
  there: 'In the bucket',
  copies: (limit: string) => `Copies on the disk, ${limit} at most`,
  here: 'On the disk alone',
  growth: 'Growth',
  tooFew: 'It is noted once a night; the chart begins with the second day.',
  spoken: (a: string, from: string, b: string, to: string) =>
    `From ${a} on ${from} to ${b} on ${to}.`,
  top: (most: string) => `the top is ${most}`,
  layers: {
    originals: 'Originals',
    renditions: 'Versions for viewing',
    cache: 'Copies from elsewhere',
    database: 'Database',
  },
  asTable: 'The numbers',
  day: 'Day',
  free: 'Free',
} as const;
