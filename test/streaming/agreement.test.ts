import { expect, test } from 'bun:test';
import { streamsOf } from '#doors/streaming/streams.ts';
import type { Person } from '#test/harness/app.ts';
import { createStreamWorld, type Ear, listen, publish, settled } from './world.ts';

const VISIBILITIES = ['public', 'unlisted', 'followers', 'self', 'direct'] as const;
const LISTS = {
  user: '/api/v1/timelines/home',
  public: '/api/v1/timelines/public',
  'public:local': '/api/v1/timelines/public?local=true',
  hashtag: '/api/v1/timelines/tag/sea',
} as const;

/** Numbers that are the same at every run. */
function createDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * sides);
  };
}

for (const mode of ['community', 'family']) {
  test(`T86: in a ${mode} every stream tells exactly what its list shows, whoever follows, blocks or mutes whom`, async () => {
    const world = await createStreamWorld({ settings: { mode }, config: { rates: false } });
    try {
      const roll = createDice(mode.length);
      const people: Person[] = [await world.person('eve', 'owner')];
      for (const name of ['ann', 'ben', 'cat', 'dan']) people.push(await world.person(name));
      const act = async (who: Person, whom: Person, what: string) => {
        const path = `/api/v1/accounts/${whom.viewer.id}/${what}`;
        await world.request(path, { method: 'POST', token: who.token });
      };
      for (const who of people) {
        for (const whom of people) {
          if (who === whom) continue;
          const chance = roll(10);
          if (chance < 6) await act(who, whom, 'follow');
          if (chance === 7 || chance === 4) await act(who, whom, 'mute');
          if (chance === 8) await act(who, whom, 'block');
        }
      }
      const heard: { person: Person; ear: Ear }[] = [];
      for (const person of people) {
        const ear = await listen(world, { token: person.token });
        for (const stream of Object.keys(LISTS)) ear.say({ type: 'subscribe', stream, tag: 'sea' });
        await settled(ear);
        heard.push({ person, ear });
      }
      const made: { id: number }[] = [];
      for (let n = 0; n < 60; n += 1) {
        const author = people[roll(people.length)] as Person;
        const words = `${roll(2) === 0 ? '#sea ' : ''}@ann @ben post ${n}`;
        const answered = roll(4) === 0 ? made[roll(made.length)]?.id : undefined;
        try {
          const visibility = VISIBILITIES[roll(VISIBILITIES.length)] as 'public';
          const more = { visibility, ...(answered ? { inReplyToId: answered } : {}) };
          made.push(publish(world, author, words, more));
        } catch {
          // The post to answer is not visible to this author.
        }
      }
      streamsOf(world.ctx).settle();
      let told = 0;
      for (const { person, ear } of heard) {
        await settled(ear);
        for (const [stream, path] of Object.entries(LISTS)) {
          const limited = `${path}${path.includes('?') ? '&' : '?'}limit=40`;
          const list = await readAll(world, limited, person);
          const streamed = ear.frames
            .filter((frame) => frame.stream?.[0] === stream && frame.event === 'update')
            .map(({ payload }) => (payload as { id: string }).id);
          expect({ who: person.viewer.username, stream, ids: streamed.sort() }).toEqual({
            who: person.viewer.username,
            stream,
            ids: list.sort(),
          });
          told += streamed.length;
        }
      }
      expect(told).toBeGreaterThan(50);
    } finally {
      await world.close();
    }
  }, 30_000);
}

async function readAll(
  world: { request: (path: string, how: { token: string }) => Promise<Response> },
  path: string,
  person: Person,
): Promise<string[]> {
  const ids: string[] = [];
  for (let page = 0; page < 5; page += 1) {
    const last = ids.at(-1);
    const next = last === undefined ? path : `${path}&max_id=${last}`;
    const list = (await (await world.request(next, { token: person.token })).json()) as {
      id: string;
    }[];
    if (list.length === 0) break;
    ids.push(...list.map(({ id }) => id));
  }
  return ids;
}
