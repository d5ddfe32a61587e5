const numbers = new Intl.NumberFormat('en');

/** The words of the gallery that lies in an archive. */
export const gallery = {
  title: (name: string): string => `Photos by ${name}`,
  withoutScript:
    'The gallery needs JavaScript. All photos lie in the folder media/originals, with their captions beside them.',
  broken:
    'The photos of this gallery could not be read. Unpack the whole archive and open index.html there.',
  photos: (count: number): string => `${numbers.format(count)} ${count === 1 ? 'photo' : 'photos'}`,
  years: 'Years',
  allYears: 'All',
  search: 'Search captions, descriptions, tags and places',
  searchShort: 'Search',
  nothing: 'No photo fits these words.',
  empty: 'There are no photos in this archive.',
  madeAt: 'Archive made on',
  close: 'Close',
  previous: 'Previous photo',
  next: 'Next photo',
  details: 'About this photo',
  description: 'Description',
  original: 'Open the original file',
  openFull: 'Open the file',
  archived: 'Archived',
  taken: 'Taken',
  published: 'Published',
  place: 'Place',
  camera: 'Camera',
  tags: 'Tags',
  warning: 'Content warning',
  comments: 'Comments',
  likes: (count: number): string => `${numbers.format(count)} ${count === 1 ? 'like' : 'likes'}`,
  boosts: (count: number): string => `${numbers.format(count)} ${count === 1 ? 'boost' : 'boosts'}`,
  moreComments: (count: number): string =>
    `${numbers.format(count)} more in tintype/comments.ndjson`,
  position: (at: number, all: number): string => `${numbers.format(at)} of ${numbers.format(all)}`,
  photoOf: (day: string): string => `Photo of ${day}`,
  visibility: {
    public: 'Public',
    unlisted: 'Unlisted',
    followers: 'Followers only',
    self: 'Only me',
    direct: 'Direct message',
  },
} as const;
