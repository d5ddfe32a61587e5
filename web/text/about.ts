/** The words of the about page and of the pages that say that something went wrong. */
export const about = {
  people: 'People',
  posts: 'Posts',
  contact: 'Run by',
  rules: 'House rules',
  how: 'How it works',
  howText:
    'This place runs Tintype: photos in the order in which they were published, no advertising, no tracking. Nothing is loaded from anywhere else, and the position of a photo never leaves with it.',
  licence:
    'Tintype is free software under the GNU Affero General Public License, version 3 or later.',
  askForSource: 'Ask whoever runs this place for the source code of this version.',
  more: 'How this place works',
  toHome: 'To the start page',
} as const;
