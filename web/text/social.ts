/** The words of what people do with each other's posts, and of what each of them wants of it. */
export const social = {
  interactions: 'Interactions',
  see: 'What I want to see',
  seeHint: 'Only for you. What is off here is left out wherever you look, also in apps.',
  seeLikes: 'Likes',
  seeBoosts: 'Boosts',
  seeBoostsHint: 'Also the boosts of people you follow, in your own timeline.',
  seeComments: 'Comments',
  seeCounts: 'Numbers',
  seeCountsHint: 'How many likes, boosts and comments there are.',
  allow: 'What others may do with my posts',
  allowHint:
    'For all your posts, here and on other servers. A single post can have less, never more.',
  allowLikes: 'Like',
  allowBoosts: 'Boost',
  allowComments: 'Comment',
  allowCommentsHint: 'You yourself can always answer.',
  off: 'What others may do',
  offLikes: 'No likes',
  offBoosts: 'No boosts',
  offComments: 'No comments',
} as const;
