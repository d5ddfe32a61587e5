import { accessibility } from './journeys/accessibility.ts';
import { admin } from './journeys/admin.ts';
import { changePosts } from './journeys/change-posts.ts';
import { crop } from './journeys/crop.ts';
import { family } from './journeys/family.ts';
import { federation } from './journeys/federation.ts';
import { goodManners } from './journeys/good-manners.ts';
import { keepDraft } from './journeys/keep-draft.ts';
import { keyboard } from './journeys/keyboard.ts';
import { letAppIn } from './journeys/let-app-in.ts';
import { noScript } from './journeys/no-script.ts';
import { publishTwelve } from './journeys/publish-twelve.ts';
import { setUp } from './journeys/set-up.ts';
import { settings } from './journeys/settings.ts';
import { social } from './journeys/social.ts';
import { takeAlong } from './journeys/take-along.ts';
import { viewer } from './journeys/viewer.ts';
import { words } from './journeys/words.ts';
import type { Journey } from './world.ts';

/** Every journey that a person makes in a browser, in the order in which they run. */
export const journeys: readonly Journey[] = [
  setUp,
  publishTwelve,
  keepDraft,
  crop,
  viewer,
  noScript,
  keyboard,
  changePosts,
  social,
  words,
  family,
  letAppIn,
  federation,
  settings,
  takeAlong,
  admin,
  accessibility,
  goodManners,
];
