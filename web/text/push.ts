/** The switch for messages of the browser. */
export const pushWords = {
  title: 'Messages on this device',
  hint: 'This browser tells you of likes, comments and follows, also while no page of this site is open. Its maker’s push service brings them, sealed: it learns when, not what.',
  needsScript: 'This works only with JavaScript, which is off or has not loaded.',
  cannot: 'This browser cannot show messages of a site.',
  denied: 'Messages of this site are blocked in the browser’s settings.',
  on: 'Messages are on for this device.',
  off: 'Messages are off for this device.',
  turnOn: 'Turn on',
  turnOff: 'Turn off',
  failed: 'The browser’s push service could not be reached. Try again later.',
};
