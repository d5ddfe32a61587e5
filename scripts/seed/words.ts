/** Who lives on the demo instance; the first is its owner. */
export const people = [
  {
    username: 'ann',
    name: 'Ann Lindqvist',
    place: 'Uppsala',
    bio: 'Film and fir trees. Everything here was drawn by a script.',
  },
  { username: 'bashir', name: 'Bashir Amani', place: 'Marseille', bio: 'The sea, most mornings.' },
  {
    username: 'chiara',
    name: 'Chiara Conti',
    place: 'Trento',
    bio: 'Up there when I can, down here when I must.',
  },
  { username: 'dmitri', name: 'Dmitri', place: 'Tartu', bio: 'Night walks.' },
  { username: 'eun_ji', name: '은지', place: 'Busan', bio: 'Still lifes and kitchen light.' },
] as const;

/** Captions of the demo posts, used in turn. */
export const captions = [
  'First light over the ridges. Worth the alarm at four. #mountains #morning',
  'The sea was so quiet that it forgot to move. #sea',
  'Fog in the firs, and one woodpecker somewhere in it. #forest',
  'Somebody up there is still awake too. #nightwalk #town',
  'What was left of the market. #stilllife',
  'Three hours up, ten minutes there, and all of it for this. #mountains',
  'Evening swim. The water keeps the day longer than the air does. #sea #summer',
  'Same path as last year, other shoes. #forest',
  'Power cut on the left side of the river. #town',
  'Breakfast, arranged. #stilllife #kitchen',
] as const;

/** Comments of the demo, used in turn. */
export const comments = [
  'What a light!',
  'I know that bench. Was it cold?',
  'The third one is my favourite.',
  'Please print this one for the hallway.',
  'Which lens did you take?',
  'I can smell it from here.',
  'Next time wake me up too.',
] as const;
