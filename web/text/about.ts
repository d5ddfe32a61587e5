/** The words of the about page and of the pages that say that something went wrong. */
export const about = {
  people: 'People',
  posts: 'Posts',
  contact: 'Run by',
  rules: 'House rules',
  how: 'How it works',
  howText:
    'This place runs Tintype: photos in the order in which they were published, no advertising, no tracking. Nothing is loaded from anywhere else, and the position of a photo never leaves with it.',
  toHome: 'To the start page',
} as const;
