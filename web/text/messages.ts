/** The words of messages to single people. */
export const messages = {
  title: 'Messages',
  begin: 'New message',
  to: 'To',
  toHint: '@name of somebody here or @name@server; several with spaces.',
  text: 'Message',
  send: 'Send',
  answer: 'Answer',
  unread: ' (new)',
  emptyTitle: 'No messages yet',
  empty: 'Messages are for the people whom they name, and nobody else sees them here.',
  nobodyLeft: 'Only you',
  with: (names: string) => `With ${names}`,
  notSecret:
    'Not encrypted: whoever runs this place, or the place of those who get it, could read it.',
} as const;
