import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { findAccount } from '#domain/accounts/queries.ts';
import { findPost } from '#domain/posts/queries.ts';
import type { RelationshipJson } from '#doors/entities/relationship.ts';
import { statusListText } from '#doors/entities/status-cache.ts';
import type { AccountJson, StatusJson } from '#doors/entities/types.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { person, receive } from '#test/posts/elsewhere.ts';
import { countStatements, post } from '#test/posts/world.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  app = await createTestApp({
    config: { origin: 'https://here.example', rates: false },
    settings: { mode: 'community' },
  });
  ann = await app.person('ann', 'owner');
  bob = await app.person('bob');
});
afterAll(() => app.close());

async function api<T>(path: string, as: Person | null, method = 'GET', json?: unknown) {
  const answer = await app.request(`/api/v1${path}`, {
    method,
    ...(as ? { token: as.token } : {}),
    ...(json === undefined ? {} : { json }),
  });
  return {
    status: answer.status,
    link: answer.headers.get('link'),
    json: (await answer.json()) as T,
  };
}
const act = <T = StatusJson>(path: string, as: Person, json?: unknown) =>
  api<T>(path, as, 'POST', json);
/** What other servers are going to hear. */
const news = () =>
  app.ctx.db
    .query<{ payload: string }, []>(
      `SELECT payload FROM jobs WHERE kind = 'federation.distribute' ORDER BY id`,
    )
    .all()
    .map((row) => JSON.parse(row.payload) as { what: string; uri?: string });
const quiet = () => app.ctx.db.run(`DELETE FROM jobs WHERE kind = 'federation.distribute'`);

describe('a post', () => {
  test('is liked once, however often, and the like can be taken back', async () => {
    const { id } = post(app.ctx, bob.viewer);
    for (let i = 0; i < 3; i += 1) {
      const { json } = await act(`/statuses/${id}/favourite`, ann);
      expect([json.favourited, json.favourites_count]).toEqual([true, 1]);
    }
    const likers = await api<AccountJson[]>(`/statuses/${id}/favourited_by`, null);
    expect(likers.json.map((account) => account.username)).toEqual(['ann']);
    const mine = await api<StatusJson[]>('/favourites', ann);
    expect(mine.json[0]?.id).toBe(String(id));
    expect(mine.json[0]?.favourited).toBeTrue();
    const { json } = await act(`/statuses/${id}/unfavourite`, ann);
    expect([json.favourited, json.favourites_count]).toEqual([false, 0]);
    expect((await api<StatusJson[]>('/favourites', ann)).json).toEqual([]);
  });

  test('of another server is liked and boosted there too', async () => {
    const rob = person(app.ctx, 'rob');
    const id = receive(app.ctx, rob);
    quiet();
    await act(`/statuses/${id}/favourite`, ann);
    await act(`/statuses/${id}/reblog`, ann);
    expect(news().map(({ what }) => what)).toEqual(['like', 'share']);
    await act(`/statuses/${id}/unfavourite`, ann);
    await act(`/statuses/${id}/unreblog`, ann);
    expect(news()[2]?.uri).toBe(`https://here.example/users/ann#likes/${id}`);
    expect(news()[3]?.what).toBe('unshare');
  });

  test('is boosted: the boost has the post in it, and taking it back answers the post', async () => {
    const { id } = post(app.ctx, bob.viewer);
    const { json: boost } = await act(`/statuses/${id}/reblog`, ann);
    expect(boost.account.username).toBe('ann');
    expect(boost.reblog?.id).toBe(String(id));
    expect([boost.reblogged, boost.reblog?.reblogged, boost.reblog?.reblogs_count]).toEqual([
      true,
      true,
      1,
    ]);
    const again = await act(`/statuses/${boost.id}/reblog`, ann);
    expect(again.json.id).toBe(boost.id);
    const shown = await api<StatusJson[]>(`/accounts/${ann.viewer.id}/statuses`, null);
    expect(shown.json[0]?.reblog?.id).toBe(String(id));
    const hidden = await api<StatusJson[]>(
      `/accounts/${ann.viewer.id}/statuses?exclude_reblogs=true`,
      null,
    );
    expect(hidden.json.filter((status) => status.reblog)).toEqual([]);
    const { json } = await act(`/statuses/${id}/unreblog`, ann);
    expect([json.id, json.reblogs_count, json.reblog]).toEqual([String(id), 0, null]);
    // Some apps delete their boost instead.
    const second = await act(`/statuses/${id}/reblog`, ann);
    expect((await api(`/statuses/${second.json.id}`, bob, 'DELETE')).status).toBe(404);
    expect((await api(`/statuses/${second.json.id}`, ann, 'DELETE')).status).toBe(200);
    expect((await api<StatusJson>(`/statuses/${id}`, null)).json.reblogs_count).toBe(0);
  });

  test('T107: that is not for everybody is not boosted, and nobody learns of a hidden one', async () => {
    const own = post(app.ctx, ann.viewer, { visibility: 'followers' });
    expect((await act(`/statuses/${own.id}/reblog`, ann)).status).toBe(422);
    for (const verb of ['favourite', 'reblog', 'bookmark', 'pin']) {
      const hidden = await act<unknown>(`/statuses/${own.id}/${verb}`, bob);
      const missing = await act<unknown>(`/statuses/12345/${verb}`, bob);
      expect([hidden.status, hidden.json]).toEqual([404, missing.json]);
    }
    expect(findPost(app.ctx.db, own.id)).toMatchObject({ likesCount: 0, sharesCount: 0 });
  });

  test('is kept and pinned, five at most', async () => {
    const ids = Array.from({ length: 6 }, () => post(app.ctx, bob.viewer).id);
    for (const id of ids.slice(0, 5)) {
      expect((await act(`/statuses/${id}/pin`, bob)).json.pinned).toBeTrue();
    }
    expect((await act(`/statuses/${ids[5]}/pin`, bob)).status).toBe(422);
    expect((await act(`/statuses/${ids[0]}/pin`, ann)).status).toBe(404);
    expect((await act(`/statuses/${ids[0]}/unpin`, bob)).json.pinned).toBeFalse();
    const pinned = await api<StatusJson[]>(`/accounts/${bob.viewer.id}/statuses?pinned=true`, null);
    expect(pinned.json.map((status) => status.id).sort()).toEqual(ids.slice(1, 5).map(String));
    expect((await act(`/statuses/${ids[0]}/bookmark`, ann)).json.bookmarked).toBeTrue();
    expect((await api<StatusJson[]>('/bookmarks', ann)).json.map((each) => each.id)).toEqual([
      String(ids[0]),
    ]);
    expect((await act(`/statuses/${ids[0]}/unbookmark`, ann)).json.bookmarked).toBeFalse();
  });

  test.each(['favourite', 'bookmark'])(
    'every %s of one moment is on one page or the next',
    async (verb) => {
      const kim = await app.person(`kim${verb}`);
      const ids = Array.from({ length: 7 }, () =>
        String(receive(app.ctx, person(app.ctx, 'many'))),
      );
      for (const id of ids) await act(`/statuses/${id}/${verb}`, kim);
      const seen: string[] = [];
      let path: string | null = `/${verb}s?limit=2`;
      while (path !== null && seen.length < 20) {
        const answer: Awaited<ReturnType<typeof api<StatusJson[]>>> = await api(path, kim);
        seen.push(...answer.json.map((each) => each.id));
        path = /<[^>]*\/api\/v1([^>]*)>; rel="next"/.exec(answer.link ?? '')?.[1] ?? null;
      }
      expect(seen).toEqual(ids.toReversed());
    },
  );

  test('of another server is shown with its own addresses, at our copies of its photos', async () => {
    const sea = person(app.ctx, 'sea', { avatarUrl: 'https://far.example/a.png' });
    const id = receive(app.ctx, sea, { mentionedIds: [ann.viewer.id] });
    const { json } = await api<StatusJson>(`/statuses/${id}`, ann);
    expect(json).toMatchObject({ local: false, uri: `${findPost(app.ctx.db, id)?.uri}` });
    expect(json.account.acct).toBe('sea@far.example');
    expect(json.account.avatar).toStartWith('https://here.example/media/remote/avatar/');
    const [photo] = json.media_attachments;
    expect(photo?.url).toMatch(/^https:\/\/here\.example\/media\/as\/[^/]+\/remote\/photo\//);
    expect(photo?.remote_url).toStartWith('https://far.example/');
    expect(JSON.stringify(photo)).not.toContain('undefined');
    expect(json.mentions[0]?.acct).toBe('ann');
  });
});

describe('the home timeline', () => {
  test('shows a boosted post once, whoever boosts it, and says so in one piece of JSON', async () => {
    const { ctx } = app;
    const tim = person(ctx, 'tim');
    const far = receive(ctx, tim);
    const carl = await app.person('carl');
    for (const fan of [ann, carl]) await act(`/statuses/${far}/reblog`, fan);
    const dan = await app.person('dan');
    for (const { viewer } of [ann, carl]) await act(`/accounts/${viewer.id}/follow`, dan);
    const boosts = async () =>
      (await api<StatusJson[]>('/timelines/home', dan)).json.filter((each) => each.reblog);
    expect((await boosts()).map((each) => [each.account.username, each.reblog?.id])).toEqual([
      ['ann', String(far)],
    ]);
    await act(`/accounts/${tim.id}/block`, dan);
    expect(await boosts()).toEqual([]);
    await act(`/accounts/${tim.id}/unblock`, dan);
    expect((await boosts()).length).toBe(1);
    app.ctx.db.run(`UPDATE posts SET hidden_at = 1 WHERE id = ${far}`);
    expect(await boosts()).toEqual([]);
  });

  test('T28: a boost does not bring a suspended author back', async () => {
    const { ctx } = app;
    const vic = person(ctx, 'vic');
    const far = receive(ctx, vic);
    const eva = await app.person('eva');
    await act(`/accounts/${ann.viewer.id}/follow`, eva);
    await act(`/statuses/${far}/reblog`, ann);
    const seen = async () => JSON.stringify((await api('/timelines/home', eva)).json);
    expect(await seen()).toContain('vic@far.example');
    ctx.db.run(`UPDATE accounts SET suspended_at = 1 WHERE id = ${vic.id}`);
    expect(await seen()).not.toContain('vic@far.example');
  });

  test('one boost and twenty take the same number of statements', () => {
    const { ctx } = app;
    const wim = person(ctx, 'wim');
    const shares = Array.from({ length: 20 }, () => receive(ctx, wim)).map((id, i) => {
      ctx.db.run(
        `INSERT INTO shares VALUES (${ctx.newId()}, ${bob.viewer.id}, ${id}, NULL, 'public', ${i})`,
      );
      return ctx.db.query<{ id: number }, []>('SELECT max(id) AS id FROM shares').get()?.id ?? 0;
    });
    // The settings are read once and then remembered.
    statusListText(ctx, ann.viewer, [receive(ctx, wim)]);
    const one = countStatements(ctx, () => statusListText(ctx, ann.viewer, shares.slice(0, 1)));
    const more = countStatements(ctx, () => statusListText(ctx, ann.viewer, shares.slice(1)));
    expect(more).toBe(one);
  });
});

describe('other lists', () => {
  test('strangers get what is from here, members also what came from elsewhere', async () => {
    const xia = person(app.ctx, 'xia');
    const far = receive(app.ctx, xia, { tags: ['sea'] });
    const ids = async (path: string, as: Person | null) =>
      (await api<StatusJson[]>(path, as)).json.map((status) => status.id);
    for (const path of [
      '/timelines/public',
      '/timelines/tag/sea',
      `/accounts/${xia.id}/statuses`,
    ]) {
      expect(await ids(path, ann)).toContain(String(far));
      expect(await ids(path, null)).not.toContain(String(far));
    }
    expect(await ids('/timelines/public?local=true', ann)).not.toContain(String(far));
    expect(await ids('/timelines/public?remote=true', ann)).toContain(String(far));
    app.ctx.db.run(`UPDATE accounts SET limited = 1 WHERE id = ${xia.id}`);
    expect(await ids('/timelines/public', ann)).not.toContain(String(far));
    expect(await ids(`/accounts/${xia.id}/statuses`, ann)).toContain(String(far));
  });

  test('a known handle of another server is looked up by members', async () => {
    person(app.ctx, 'yan');
    const found = await api<AccountJson>('/accounts/lookup?acct=YAN@far.example', ann);
    expect(found.json.url).toBe('https://far.example/@yan');
    expect((await api('/accounts/lookup?acct=yan@far.example', null)).status).toBe(404);
    expect((await api('/accounts/lookup?acct=ann@here.example', null)).status).toBe(200);
  });
});

describe('following across servers', () => {
  test('T11: is only asked for until the other side accepts', async () => {
    const zoe = person(app.ctx, 'zoe');
    quiet();
    const { json } = await act<RelationshipJson>(`/accounts/${zoe.id}/follow`, ann);
    expect([json.following, json.requested]).toEqual([false, true]);
    expect(news().map(({ what }) => what)).toEqual(['follow']);
    const closed = receive(app.ctx, zoe, { visibility: 'followers' });
    expect((await api(`/statuses/${closed}`, ann)).status).toBe(404);
    expect(findAccount(app.ctx.db, zoe.id)?.followersCount).toBe(0);
    await act(`/accounts/${zoe.id}/unfollow`, ann);
    expect(news()[1]?.uri).toStartWith('https://here.example/users/ann#follows/');
  });

  test('T112: a block ends both follows, hides both, and is told apart by nothing', async () => {
    const { ctx } = app;
    const fay = await app.person('fay');
    const gil = await app.person('gil');
    await act(`/accounts/${gil.viewer.id}/follow`, fay);
    await act(`/accounts/${fay.viewer.id}/follow`, gil);
    const mine = post(ctx, fay.viewer, { visibility: 'public' });
    const { json } = await act<RelationshipJson>(`/accounts/${gil.viewer.id}/block`, fay);
    expect([json.blocking, json.following, json.followed_by]).toEqual([true, false, false]);
    const counts = ({ viewer }: Person) => {
      const row = findAccount(ctx.db, viewer.id);
      return [row?.followersCount, row?.followingCount];
    };
    expect([counts(fay), counts(gil)]).toEqual([
      [0, 0],
      [0, 0],
    ]);
    const hidden = await api(`/statuses/${mine.id}`, gil);
    const missing = await api('/statuses/12345', gil);
    expect([hidden.status, hidden.json]).toEqual([missing.status, missing.json]);
    expect((await act(`/accounts/${fay.viewer.id}/follow`, gil)).status).toBe(422);
    expect((await api<AccountJson[]>('/blocks', fay)).json.map((each) => each.username)).toEqual([
      'gil',
    ]);
    expect((await api('/blocks', gil)).json).toEqual([]);
    await act(`/accounts/${gil.viewer.id}/unblock`, fay);
    expect((await api(`/statuses/${mine.id}`, gil)).status).toBe(200);
  });

  test('a report is kept and passed on only if that is wished', async () => {
    const hex = person(app.ctx, 'hex');
    quiet();
    const json = { account_id: String(hex.id), comment: 'spam', forward: true };
    const filed = await act<{ forwarded: boolean }>('/reports', bob, json);
    expect([filed.status, filed.json.forwarded]).toEqual([200, true]);
    expect(news().map(({ what }) => what)).toEqual(['flag']);
    const again = await act<{ id: string }>('/reports', bob, json);
    expect(again.status).toBe(200);
    expect(news().length).toBe(1);
  });
});
