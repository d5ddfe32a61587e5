import { listFilters } from '#domain/filters/reading.ts';
import { findLists } from '#domain/relationships/list-queries.ts';
import { csvHeads, csvLine } from './csv-out.ts';
import { entries } from './format.ts';
import { namePerson, timeOrNull, timeText, uriOf } from './out-names.ts';
import {
  eachBlock,
  eachFollow,
  eachMute,
  eachNote,
  listDomains,
  listFilteredPosts,
  listMembers,
  listMutedThreads,
  listTags,
} from './out-people-queries.ts';
import type { Out } from './out-types.ts';

/** Writes whom the person follows, is followed by, blocks, mutes, lists, filters and noted: by line, and as Mastodon's CSV. */
export function outPeople(out: Out): void {
  outFollows(out);
  outBlocks(out);
  outLists(out);
  outFilters(out);
  const { db, config } = out.ctx;
  const notes = out.scratch.text(entries.notes);
  for (const row of eachNote(db, out.account.id)) {
    notes.write(`${JSON.stringify({ ...namePerson(config, row), text: row.text })}\n`);
  }
  const followed = listTags(db, out.account.id, 'followed_tags');
  const featured = listTags(db, out.account.id, 'featured_tags');
  out.scratch.text(entries.tags).write(`${JSON.stringify({ followed, featured }, null, 2)}\n`);
}

function outFollows(out: Out): void {
  const lines = out.scratch.text(entries.follows);
  const following = out.scratch.text(entries.followingCsv);
  const followers = out.scratch.text(entries.followersCsv);
  following.write(csvHeads.following);
  followers.write(csvHeads.followers);
  for (const row of eachFollow(out.ctx.db, out.account.id)) {
    const who = namePerson(out.ctx.config, row);
    const showBoosts = row.showShares !== 0;
    const notify = row.notify !== 0;
    const { kind, state } = row;
    const line = { kind, ...who, state, showBoosts, notify, since: timeText(row.at) };
    lines.write(`${JSON.stringify(line)}\n`);
    // A request that nobody answered is made again by whoever imports the list.
    if (kind === 'following') following.write(csvLine([who.handle, showBoosts, notify, '']));
    else if (state === 'accepted') followers.write(csvLine([who.handle]));
  }
}

function outBlocks(out: Out): void {
  const { db, config } = out.ctx;
  const lines = out.scratch.text(entries.blocks);
  const write = (line: object) => lines.write(`${JSON.stringify(line)}\n`);
  const blocked = out.scratch.text(entries.blockedCsv);
  for (const row of eachBlock(db, out.account.id)) {
    const who = namePerson(config, row);
    write({ kind: 'block', ...who, since: timeText(row.at) });
    blocked.write(csvLine([who.handle]));
  }
  const muted = out.scratch.text(entries.mutedCsv);
  muted.write(csvHeads.muted);
  for (const row of eachMute(db, out.account.id)) {
    const who = namePerson(config, row);
    const notifications = row.notifications !== 0;
    const until = timeOrNull(row.expiresAt);
    write({ kind: 'mute', ...who, since: timeText(row.at), notifications, until });
    muted.write(csvLine([who.handle, notifications]));
  }
  const domains = out.scratch.text(entries.blockedDomainsCsv);
  for (const { domain, at } of listDomains(db, out.account.id)) {
    write({ kind: 'domain', domain, since: timeText(at) });
    domains.write(csvLine([domain]));
  }
  for (const thread of listMutedThreads(db, out.account.id)) {
    write({ kind: 'thread', uri: uriOf(config, thread, thread.username) });
  }
}

function outLists(out: Out): void {
  const { db, config } = out.ctx;
  const lines = out.scratch.text(entries.lists);
  const csv = out.scratch.text(entries.listsCsv);
  const members = listMembers(db, out.account.id);
  for (const { id, title, repliesPolicy, exclusive } of findLists(db, out.account.id)) {
    const people = (members.get(id) ?? []).map((row) => namePerson(config, row));
    const line = { title, repliesPolicy, exclusive: exclusive !== 0, members: people };
    lines.write(`${JSON.stringify(line)}\n`);
    for (const { handle } of people) csv.write(csvLine([title, handle]));
  }
}

function outFilters(out: Out): void {
  const { db, config } = out.ctx;
  const lines = out.scratch.text(entries.filters);
  const posts = Map.groupBy(listFilteredPosts(db, out.account.id), (row) => row.filterId);
  for (const filter of listFilters(out.ctx, { id: out.account.id })) {
    const { title, contexts, action, expiresAt } = filter;
    const line = {
      title,
      contexts,
      action,
      expiresAt: timeOrNull(expiresAt),
      keywords: filter.keywords.map(({ keyword, wholeWord }) => ({
        keyword,
        wholeWord: wholeWord !== 0,
      })),
      posts: (posts.get(filter.id) ?? []).map((post) => uriOf(config, post, post.username)),
    };
    lines.write(`${JSON.stringify(line)}\n`);
  }
}
