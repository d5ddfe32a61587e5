import type { FormState, PersonRow } from './page-types.ts';
import type { ScheduledJson } from './scheduled.ts';
import type { AccountJson, StatusJson } from './types.ts';

/** What many like. */
export type ExplorePage = {
  posts: StatusJson[];
  tags: { name: string; posts: number }[];
  people: PersonRow[];
  federating: boolean;
};
/** What happened around the viewer, with those who did it; of one kind and one post in one row. */
export type NewsRow = {
  key: string;
  type:
    | 'mention'
    | 'favourite'
    | 'reblog'
    | 'follow'
    | 'follow_request'
    | 'update'
    | 'status'
    | 'move'
    | 'admin.report'
    | 'admin.sign_up';
  /** The newest first; not more than fit into a line. */
  people: AccountJson[];
  count: number;
  post: StatusJson | null;
  reportId: string | null;
  at: string;
  /** Since the viewer looked last. */
  fresh: boolean;
};
export type NotificationsPage = {
  rows: NewsRow[];
  /** People who ask to follow, at the top of the first page. */
  requests: PersonRow[];
  /** The newest that has not been seen; null if all has. */
  last: string | null;
  newer: string | null;
  older: string | null;
};
/** Direct messages by the people they are with. */
export type MessagesPage = {
  conversations: {
    id: string;
    people: AccountJson[];
    last: StatusJson | null;
    unread: boolean;
  }[];
  /** Whom the form for a new one names already. */
  to: string;
  newer: string | null;
  older: string | null;
};
/** One of them, the oldest message first. */
export type ThreadPage = {
  id: string;
  people: AccountJson[];
  messages: StatusJson[];
  newer: string | null;
  older: string | null;
};
/** The viewer's posts that wait for their time, the last written first. */
export type ScheduledPage = {
  posts: ScheduledJson[];
  /** The form that comes back after a mistake, and of which post. */
  again: { id: string; form: FormState } | null;
  newer: string | null;
  older: string | null;
};
/** The viewer's lists, the oldest first. */
export type ListsPage = { lists: { id: string; title: string }[] };
/** Who is on one of them, and what it does. */
export type ListPage = {
  id: string;
  title: string;
  exclusive: boolean;
  people: AccountJson[];
  newer: string | null;
  older: string | null;
};
