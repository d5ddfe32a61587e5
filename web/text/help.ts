type Topic = { title: string; lines: readonly string[] };

/** How this place works, for the people who use it. */
export const help = {
  title: 'How this place works',
  lead: (name: string) => `${name} is a home for photos, newest first. What you should know of it:`,
  topics: [
    {
      title: 'Your photo, and what others get',
      lines: [
        'The file that you upload is your original. It is kept byte for byte, and only you can get it.',
        'Everybody else sees smaller versions that are made from it: one for lists, one for the screen, one to look at closely.',
        'Under Settings, Posting you may let others download a full-size copy, or choose not to keep originals at all. Keeping them takes more of your storage.',
      ],
    },
    {
      title: 'Positions and other traces',
      lines: [
        'Where a photo was taken, serial numbers of the camera, hidden preview pictures and the history of edits stay in your original. No file that anybody else gets contains them, and the place of a photo is never shown.',
        'Camera, lens and exposure are shown if you want them to be, each by itself: Settings, Posting.',
        'A place under a post is words that you typed.',
      ],
    },
    {
      title: 'Who sees a post',
      lines: [
        'Followers: people who follow you. You can ask to be asked before somebody does.',
        'Only me: nobody else.',
        'A new post can wait for a day and a time of your choice; until then it stands under Scheduled posts, behind the three dots of your profile.',
        'You can change it later. What somebody has already seen or saved, nobody can take back.',
        'A content warning hides the photos until somebody asks to see them.',
      ],
    },
    {
      title: 'People on other servers',
      lines: [
        'People here and people on Pixelfed, Mastodon and other servers can follow each other, if whoever runs this place has not switched it off. Your address is @you@ and the name of this place.',
        'To follow somebody elsewhere, write their address into Search, like @name@example.social, or paste a link to their profile or post.',
        'A post goes to the servers of your followers, and of people whom you mention. Under your post, “Where it went” shows where it arrived, and tries again where it did not.',
        'What has arrived on another server is in the hands of those who run it. Edits and deletions are sent there, too; most servers follow them, nobody can force them.',
        'Photos for followers get an address of their own for each server that a follower is on. It is not public, and ends with the post.',
        'Moving? Settings, Account takes your followers along, from another server or to one. Posts stay where they are.',
      ],
    },
    {
      title: 'Likes, boosts and comments',
      lines: [
        'The signs under a photo: like it, comment on it, boost it (your followers see it, too), keep it with the bookmark, which nobody else sees.',
        'Settings, Interactions says what you want to see of all that, numbers included, and what others may do with your posts. One post can have less: say so where you write or edit it.',
        'The three dots above a post mute or block somebody or report them, each after one question. Settings, Interactions lists whom you keep out, and whole servers.',
        'Settings, Filters covers or leaves out posts and comments with words that you do not want to meet. Lists, behind the three dots of your profile, are timelines of a few people of your choice.',
        'Messages go only to the people whom they name. They are not encrypted.',
        'Search finds people, hashtags, and the words of captions and descriptions that you may see. A followed hashtag brings its photos into your timeline.',
      ],
    },
    {
      title: 'Room for your photos',
      lines: [
        'Originals and smaller versions both count. The meter stands beside the form for a new post and under Settings, Storage.',
        'Photos that were uploaded but not published are removed after a day.',
      ],
    },
    {
      title: 'Changing your mind',
      lines: [
        'Edit a caption, a description or who sees a post at any time; earlier versions stay in its history.',
        'Archive hides a post until you bring it back. Delete removes it with its photos for good.',
      ],
    },
    {
      title: 'Taking your photos with you',
      lines: [
        'Open one of your posts and the details of a photo: “Download my original” gives you the very file that you uploaded.',
        'If you delete your account, you have 14 days to change your mind. Then everything is gone.',
      ],
    },
    {
      title: 'Apps and other devices',
      lines: [
        'Everything works in a browser, on a phone too, and most of it without JavaScript.',
        'Apps for Mastodon and Pixelfed work here, the official Pixelfed app too, unless whoever runs this place has switched that one off: give them the name of this place and say yes on its page.',
        'Settings, Sign-in lists where you are signed in and which apps and scripts act in your name; each can be ended there.',
        'Forgot your password? The person who runs this place can send you a link for a new one.',
      ],
    },
  ] satisfies readonly Topic[],
  open: [
    'Public: everybody, also people without an account.',
    'Unlisted: everybody who has the address or looks at your profile, but it stands in no public list.',
  ],
  closed: [
    'Public and unlisted: everybody who has an account here. Nobody outside sees anything, not even that a photo exists.',
  ],
  visibility: 'Who sees a post',
} as const;
