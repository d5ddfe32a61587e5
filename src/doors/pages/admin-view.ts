import type { Context } from '#base/context.ts';
import { countJobs, findJobs } from '#base/jobs/queries.ts';
import { listInvites } from '#domain/accounts/invites.ts';
import { readRegistration } from '#domain/closing.ts';
import {
  listAccountsPage,
  listFullestAccounts,
  type Member,
} from '#domain/membership/list-accounts.ts';
import { adminSettings, readSetting, type SettingKey } from '#domain/settings.ts';
import { readBucketUse } from '#domain/storage/bucket-use.ts';
import { readInstanceMeter } from '#domain/storage/meter.ts';
import { listStorageDays, sumFilesByKind } from '#domain/upkeep/storage-day-queries.ts';
import type { AdminSettingRow } from '#doors/entities/admin-page-types.ts';
import type {
  AdminAccountRow,
  AdminPage,
  AdminStorage,
  FormState,
} from '#doors/entities/page-types.ts';
import { freshForm } from '#doors/http/forms.ts';
import type { PageContent } from '#doors/render/page-content.ts';

const DEAD_JOBS = 100;
/** A year and a day, to see what the same day was like. */
const CHART_DAYS = 366;
/** Accounts on one page. */
const PEOPLE = 40;

/** Where a page of accounts begins or ends: ids, exclusive. */
type Bounds = { maxId: number | null; minId: number | null };

/** The admin pages, each drawn from what is stored now; `link` is a secret that is shown only this once. */
export const drawAdmin = {
  accounts: (
    ctx: Context,
    form: FormState = freshForm(),
    link: string | null = null,
    bounds: Bounds = { maxId: null, minId: null },
  ) => {
    const { members, newer, older } = listAccountsPage(ctx, { limit: PEOPLE, ...bounds });
    return content({
      section: 'accounts',
      accounts: members.map(accountRow),
      newer: newer ? `/admin/accounts?min_id=${members[0]?.id}` : null,
      older: older ? `/admin/accounts?max_id=${members.at(-1)?.id}` : null,
      resetLink: link,
      form,
    });
  },
  invites: (ctx: Context, form: FormState = freshForm(), link: string | null = null) =>
    content({
      section: 'invites',
      open: readRegistration(ctx) !== 'closed',
      invites: inviteRows(ctx),
      newLink: link,
      form,
    }),
  storage: (ctx: Context) => content({ section: 'storage', storage: storageOf(ctx) }),
  settings: (ctx: Context, form: FormState = freshForm()) =>
    content({ section: 'settings', settings: settingRows(ctx), form }),
};

function content(props: AdminPage): PageContent {
  return { page: 'admin', title: 'Admin', props };
}

function accountRow(member: Member): AdminAccountRow {
  return {
    id: String(member.id),
    username: member.username,
    displayName: member.displayName,
    email: member.email,
    role: member.role ?? 'member',
    state: member.state,
    createdAt: new Date(member.createdAt).toISOString(),
    posts: member.postsCount,
    storage: member.storage,
  };
}

function inviteRows(ctx: Context) {
  return listInvites(ctx).map((invite) => ({
    id: String(invite.id),
    note: invite.note,
    usesLeft: invite.usesLeft,
    expiresAt: invite.expiresAt === null ? null : new Date(invite.expiresAt).toISOString(),
    createdBy: invite.createdBy === null ? 'the command line' : `@${invite.createdBy}`,
  }));
}

function bucketOf(ctx: Context): AdminStorage['bucket'] {
  if (ctx.config.mediaBucket === null) return null;
  const { label, home, placed, unplaced, limitBytes } = readBucketUse(ctx);
  return { label: label ?? '', home, placed, unplaced, limitBytes };
}

function storageOf(ctx: Context): Extract<AdminPage, { section: 'storage' }>['storage'] {
  const { diskFreeBytes, minFreeBytes, ...total } = readInstanceMeter(ctx);
  const waiting = countJobs(ctx.db).filter((row) => row.state === 'waiting');
  const dead = findJobs(ctx.db, { state: 'dead', kind: null, limit: DEAD_JOBS });
  return {
    total,
    diskFreeBytes,
    minFreeBytes,
    bucket: bucketOf(ctx),
    kinds: sumFilesByKind(ctx.db),
    days: listStorageDays(ctx.db, CHART_DAYS).map(({ day, ...row }) => ({
      day: new Date(day).toISOString().slice(0, 10),
      ...row,
    })),
    accounts: listFullestAccounts(ctx, PEOPLE).map(accountRow),
    waitingJobs: waiting.reduce((sum, row) => sum + row.count, 0),
    deadJobs: dead.map((job) => ({
      id: String(job.id),
      kind: job.kind,
      attempts: job.attempts,
      error: job.lastError ?? '',
      at: new Date(job.runAt).toISOString(),
    })),
  };
}

function settingRows(ctx: Context): AdminSettingRow[] {
  return (Object.keys(adminSettings) as SettingKey[]).map((key) => {
    const { label, help, kind, choices } = adminSettings[key];
    return {
      key,
      label,
      help,
      kind,
      choices: [...choices],
      value: valueText(kind, readSetting(ctx, key)),
      pinned: ctx.config.pinned[key] !== undefined,
    };
  });
}

/** A value as its field shows it; a size is written so that reading it gives the same bytes. */
function valueText(kind: AdminSettingRow['kind'], value: string | number | boolean): string {
  if (kind !== 'bytes') return String(value);
  const bytes = Number(value);
  for (const [unit, size] of [
    ['TB', 1e12],
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const) {
    if (bytes >= size && Number.isInteger((bytes / size) * 10)) return `${bytes / size} ${unit}`;
  }
  return String(bytes);
}
