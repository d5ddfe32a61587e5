import type { AccountJson } from './types.ts';

/** The page on which a person lets an app in, and the one with the code for apps that cannot be reached. */
export type ConsentPage =
  | {
      step: 'ask';
      app: { name: string; website: string | null };
      account: AccountJson;
      scopes: string[];
      /** Where the answer goes: a host, an app on the device by its scheme, or a code on the screen. */
      goesTo: { kind: 'site' | 'device' | 'code'; name: string };
      /** What the app asked, which the form carries on. */
      fields: Readonly<Record<string, string>>;
      /** Where somebody else signs in first. */
      otherAccount: string;
    }
  | { step: 'code'; app: { name: string }; code: string };

/** An app that was let in, with all its tokens. */
export type AppRow = {
  id: string;
  name: string;
  website: string | null;
  scopes: string[];
  /** How often it was let in. */
  tokens: number;
  createdAt: string;
  lastUsedAt: string | null;
};
