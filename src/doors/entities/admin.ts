import type { Context } from '#base/context.ts';
import { type AccountRow, findAccounts } from '#domain/accounts/queries.ts';
import { listReportedPosts, type ReportRow } from '#domain/moderation/report-admin-queries.ts';
import type { RuleRow } from '#domain/policy/queries.ts';
import { accountsJson } from './account.ts';
import { findEmails } from './admin-queries.ts';
import { dateTime } from './dates.ts';
import { statusesByIds } from './status-cache.ts';
import type { AccountJson } from './types.ts';

/** Bit 0 of Mastodon's permissions is "administrator". */
const ROLES = {
  owner: { id: '3', name: 'Owner', color: '', permissions: '1', highlighted: true },
  admin: { id: '2', name: 'Admin', color: '', permissions: '1', highlighted: true },
  member: { id: '-99', name: '', color: '', permissions: '0', highlighted: false },
} as const;

/** Accounts as admins see them (docs.joinmastodon.org/entities/Admin_Account), in three statements at most. */
export function adminAccountsJson(ctx: Context, rows: readonly AccountRow[]) {
  const emails = findEmails(
    ctx.db,
    rows.map((row) => row.id),
  );
  const accounts = accountsJson(ctx, rows);
  return rows.flatMap((row, index) => {
    const account = accounts[index];
    return account ? [adminAccountJson(row, account, emails.get(row.id) ?? null)] : [];
  });
}

function adminAccountJson(row: AccountRow, account: AccountJson, email: string | null) {
  return {
    id: account.id,
    username: row.username,
    domain: row.domain,
    created_at: dateTime(row.createdAt),
    email,
    // Addresses of people are not kept.
    ip: null,
    ips: [],
    locale: row.role === null ? null : 'en',
    invite_request: null,
    role: row.role === null ? null : ROLES[row.role],
    confirmed: true,
    approved: true,
    disabled: false,
    silenced: row.limited !== 0,
    sensitized: false,
    suspended: row.suspendedAt !== null,
    account,
  };
}

/** Reports as admins see them (docs.joinmastodon.org/entities/Admin_Report). */
export function adminReportsJson(ctx: Context, viewer: { id: number }, rows: readonly ReportRow[]) {
  const ids = rows.flatMap(({ reporterId, targetId, closedBy }) =>
    [reporterId, targetId, closedBy].filter((id) => id !== null),
  );
  const people = [...findAccounts(ctx.db, [...new Set(ids)]).values()];
  const byId = new Map(adminAccountsJson(ctx, people).map((json) => [Number(json.id), json]));
  const person = (id: number | null) => (id === null ? null : (byId.get(id) ?? null));
  return rows.map((row) => ({
    id: String(row.id),
    action_taken: row.closedAt !== null,
    action_taken_at: row.closedAt === null ? null : dateTime(row.closedAt),
    category: row.category,
    comment: row.comment,
    forwarded: false,
    created_at: dateTime(row.createdAt),
    updated_at: dateTime(row.closedAt ?? row.createdAt),
    account: person(row.reporterId),
    target_account: person(row.targetId),
    assigned_account: null,
    action_taken_by_account: person(row.closedBy),
    statuses: row.posts === 0 ? [] : statusesByIds(ctx, viewer, listReportedPosts(ctx.db, row.id)),
    rules: [],
  }));
}

/** A rule for a domain as Mastodon's admins read it (docs.joinmastodon.org/entities/Admin_DomainBlock). */
export function adminBlockJson(rule: RuleRow) {
  return {
    id: ruleId(rule.domain),
    domain: rule.domain,
    digest: digestOf(rule.domain),
    created_at: dateTime(rule.createdAt),
    severity: rule.rule === 'block' ? 'suspend' : 'silence',
    reject_media: rule.rule === 'block',
    reject_reports: rule.rule === 'block',
    private_comment: rule.note,
    public_comment: rule.reason,
    obfuscate: false,
  };
}

/** A domain that is spoken with (docs.joinmastodon.org/entities/Admin_DomainAllow). */
export function adminAllowJson(rule: RuleRow) {
  return {
    id: ruleId(rule.domain),
    domain: rule.domain,
    created_at: dateTime(rule.createdAt),
  };
}

/** Rules are known by their domain; apps want a number, so it is made of the name: 48 bits of its SHA-256. */
export function ruleId(domain: string): string {
  return String(Number.parseInt(digestOf(domain).slice(0, 12), 16));
}

function digestOf(domain: string): string {
  return new Bun.CryptoHasher('sha256').update(domain).digest('hex');
}
