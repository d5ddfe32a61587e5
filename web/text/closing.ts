/** The words about a place that ends. */
export const closing = {
  ends: 'This place closes on ',
  over: 'This place closed on ',
  take: 'Take your photos along',
  lead: 'People trusted this place with their photos. Closing it kindly takes a few weeks: everybody is told, everybody gets an archive with every original, those who move take their followers along, and a copy of what was public can stay online without a server.',
  announce: 'Announce the end',
  announceLead:
    'From then on nobody can make an account, every page and app says when this place closes, an archive is made for everybody, and reminders go out 30, 7 and 1 days before (by mail, where mail is set up). On the day nothing new can be published any more; reading, archives and moving go on until you stop the server. You can take it back.',
  ownerOnly: 'Only the owner can announce the end.',
  day: 'Last day',
  message: 'A word to everybody',
  messageHint: 'Why, and where you can be reached.',
  go: 'Announce',
  ask: 'Announce that this place closes? Everybody is told at once.',
  change: 'Change day or words',
  changeGo: 'Announce anew',
  announced: 'What is announced',
  callOff: 'Do not close',
  callOffAsk:
    'Take the announcement back? Nobody is told by mail; the notice goes from every page.',
  people: 'Who is ready to go',
  archives: {
    none: 'no archive yet',
    waiting: 'archive is waiting',
    running: 'archive is being made',
    done: 'archive is ready',
    failed: 'archive failed',
  },
  moved: (to: string) => `moved to @${to}`,
  copy: 'A copy that stays',
  copyLead:
    'All that strangers can see here, as plain files: posts, photos, people, tags. Any web server can host the folder; at the old address old links keep leading to the same posts.',
  copyClosed:
    'Strangers see nothing of this place, so there is nothing to copy. Archives hold what is private.',
  copyGo: 'Make the copy',
  copyAgain: 'Make it anew',
  copyWorking: 'The copy is being made. Look again in a minute.',
  copyDone: (pages: number, size: string) =>
    `${pages} pages, ${size}, in this folder on the server:`,
  copyHint: 'Copy it to a web server of your choice, for example with rsync.',
  copyFailed: 'The copy could not be made: ',
} as const;
