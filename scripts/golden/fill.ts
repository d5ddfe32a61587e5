import { drawGolden } from './draw.ts';
import { type Instance, until } from './instance.ts';

const DAY = 86_400_000;

type Found = { accounts: { id: string }[]; statuses: { id: string }[] };

/**
 * Lets three people here and one elsewhere do everything once that leaves a row. Whatever a later
 * version adds to the API is added below, behind a look whether the version at hand knows it.
 */
export async function fillInstance(here: Instance, there: Instance): Promise<void> {
  await here.person('ann', 'owner');
  for (const name of ['ben', 'cid']) await here.person(name, 'member');
  await there.person('zoe', 'owner');
  const people = await meet(here, there);
  const posts = await publish(here);
  await answer(here, there, posts);
  await keepThings(here, people, posts);
  await moderate(here, people, posts);
}

type People = { ben: string; cid: string; zoe: string; annThere: string };
type Posts = { first: string; album: string; closed: string };

async function meet(here: Instance, there: Instance): Promise<People> {
  await here.api('ann', 'PATCH', '/api/v1/accounts/update_credentials', {
    display_name: 'Ann Archer',
    note: 'Walks a lot, with a camera. #walking',
    fields_attributes: [{ name: 'Garden', value: 'https://garden.example.org' }],
  });
  const find = async (at: Instance, as: string, handle: string) => {
    const path = `/api/v2/search?resolve=true&type=accounts&q=${encodeURIComponent(handle)}`;
    const { accounts } = await at.api<Found>(as, 'GET', path);
    const [account] = accounts;
    if (account === undefined) throw new Error(`Nobody found ${handle}.`);
    return account.id;
  };
  const host = (at: Instance) => new URL(at.origin).host;
  const people = {
    ben: await find(here, 'ann', '@ben'),
    cid: await find(here, 'ann', '@cid'),
    zoe: await find(here, 'ann', `@zoe@${host(there)}`),
    annThere: await find(there, 'zoe', `@ann@${host(here)}`),
  };
  const ann = await find(here, 'ben', '@ann');
  for (const name of ['ben', 'cid']) await here.api(name, 'POST', `/api/v1/accounts/${ann}/follow`);
  for (const id of [people.ben, people.zoe]) {
    await here.api('ann', 'POST', `/api/v1/accounts/${id}/follow`);
  }
  await there.api('zoe', 'POST', `/api/v1/accounts/${people.annThere}/follow`);
  await until(async () => {
    const me = await here.api<{ followers_count: number; following_count: number }>(
      'ann',
      'GET',
      '/api/v1/accounts/verify_credentials',
    );
    return me.followers_count === 3 && me.following_count === 2;
  });
  return people;
}

async function publish(here: Instance): Promise<Posts> {
  const photo = async (number: number, description: string) =>
    await here.upload('ann', await drawGolden(number), { description, focus: '0.2,-0.4' });
  const post = async (as: string, json: object) =>
    (await here.api(as, 'POST', '/api/v1/statuses', json)).id;
  const first = await post('ann', {
    status: 'The first light of the year #morning #walking',
    media_ids: [await photo(1, 'Hills under a low sun')],
    language: 'en',
  });
  const album = await post('ann', {
    status: 'Three from the coast 🌊',
    media_ids: [await photo(2, 'A pier'), await photo(3, 'Gulls'), await photo(4, '')],
    visibility: 'unlisted',
  });
  const closed = await post('ann', {
    status: 'For those who follow me',
    spoiler_text: 'a birthday',
    sensitive: true,
    media_ids: [await photo(5, 'A cake')],
    visibility: 'private',
  });
  await post('ben', {
    status: 'Hello from Ben, with @ann',
    media_ids: [await here.upload('ben', await drawGolden(6), { description: 'A bicycle' })],
  });
  const gone = await post('ann', { status: 'A mistake' });
  await here.api('ann', 'DELETE', `/api/v1/statuses/${gone}`);
  await here.api('ann', 'PUT', `/api/v1/statuses/${first}`, {
    status: 'The first light of this year #morning #walking',
  });
  await here.api('ann', 'POST', '/api/v1/statuses', {
    status: 'From a long time ago',
    scheduled_at: new Date(Date.now() + 300 * DAY).toISOString(),
  });
  await photo(7, 'Never published');
  return { first, album, closed };
}

async function answer(here: Instance, there: Instance, posts: Posts): Promise<void> {
  const { first, album } = posts;
  for (const name of ['ben', 'cid']) {
    await here.api(name, 'POST', `/api/v1/statuses/${first}/favourite`);
  }
  await here.api('ben', 'POST', `/api/v1/statuses/${album}/reblog`);
  await here.api('ben', 'POST', '/api/v1/statuses', {
    status: '@ann What a light!',
    in_reply_to_id: first,
  });
  await there.api('zoe', 'POST', '/api/v1/statuses', {
    status: 'Greetings from elsewhere #walking',
    media_ids: [await there.upload('zoe', await drawGolden(8), { description: 'A lighthouse' })],
  });
  await there.api('zoe', 'POST', '/api/v1/statuses', {
    status: `@ann@${new URL(here.origin).host} only between us`,
    visibility: 'direct',
  });
  const timeline = '/api/v1/timelines/home';
  const seen = async () => await here.api<{ id: string; uri: string }[]>('ann', 'GET', timeline);
  await until(async () => (await seen()).some(({ uri }) => uri.startsWith(there.origin)));
  const theirs = (await seen()).find(({ uri }) => uri.startsWith(there.origin));
  if (theirs === undefined) throw new Error('The post from elsewhere went away.');
  for (const act of ['favourite', 'bookmark']) {
    await here.api('ann', 'POST', `/api/v1/statuses/${theirs.id}/${act}`);
  }
  await here.api('ann', 'POST', '/api/v1/statuses', {
    status: `@zoe@${new URL(there.origin).host} How far away is that?`,
    in_reply_to_id: theirs.id,
  });
  const path = `/api/v2/search?resolve=true&q=${encodeURIComponent(`${here.origin}/@ann/${first}`)}`;
  const [found] = (await there.api<Found>('zoe', 'GET', path)).statuses;
  if (found === undefined) throw new Error('The post was not found from elsewhere.');
  await there.api('zoe', 'POST', `/api/v1/statuses/${found.id}/favourite`);
  await there.api('zoe', 'POST', '/api/v1/statuses', {
    status: `@ann@${new URL(here.origin).host} Lovely`,
    in_reply_to_id: found.id,
  });
  await until(async () => {
    const { favourites_count: likes, replies_count: replies } = await here.api<{
      favourites_count: number;
      replies_count: number;
    }>('ann', 'GET', `/api/v1/statuses/${first}`);
    return likes === 3 && replies === 2;
  });
  await until(async () => {
    const messages = await here.api<object[]>('ann', 'GET', '/api/v1/conversations');
    return messages.length === 1;
  });
}

async function keepThings(here: Instance, people: People, { first, closed }: Posts) {
  const ann = (method: string, path: string, json?: unknown) => here.api('ann', method, path, json);
  await ann('POST', `/api/v1/statuses/${first}/pin`);
  await ann('POST', `/api/v1/statuses/${first}/bookmark`);
  await ann('POST', `/api/v1/statuses/${closed}/mute`);
  const list = await ann('POST', '/api/v1/lists', { title: 'Near', replies_policy: 'list' });
  await ann('POST', `/api/v1/lists/${list.id}/accounts`, { account_ids: [people.ben] });
  await ann('POST', '/api/v2/filters', {
    title: 'No spoilers',
    context: ['home', 'public'],
    filter_action: 'warn',
    keywords_attributes: [{ keyword: 'finale', whole_word: true }],
  });
  await ann('POST', `/api/v1/accounts/${people.ben}/note`, { comment: 'From the choir' });
  await ann('POST', '/api/v1/tags/morning/follow');
  await ann('POST', '/api/v1/featured_tags', { name: 'walking' });
  await ann('POST', '/api/v1/domain_blocks', { domain: 'loud.example' });
  await ann('POST', '/api/v1/markers', { home: { last_read_id: first } });
  await here.api('cid', 'POST', `/api/v1/accounts/${people.ben}/mute`, { duration: 0 });
  await here.api('cid', 'POST', `/api/v1/accounts/${people.zoe}/block`);
  await ann('POST', '/api/v1/apps', {
    client_name: 'An app',
    redirect_uris: 'urn:ietf:wg:oauth:2.0:oob',
    scopes: 'read write',
  });
}

async function moderate(here: Instance, people: People, { first }: Posts) {
  await here.api('cid', 'POST', '/api/v1/reports', {
    account_id: people.ben,
    status_ids: [],
    comment: 'He is louder than he looks',
    category: 'other',
  });
  await here.verb('invite', 'create', '--uses', '3', '--expires', 'never');
  await here.verb('domains', 'block', 'spam.example');
  await here.verb('account', 'quota', 'cid', '50MB').catch(() => '');
  await here.api('cid', 'POST', `/api/v1/statuses/${first}/bookmark`);
}
