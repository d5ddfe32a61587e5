import { enhanceActs } from '#web/client/enhance-acts.ts';
import { enhanceCarousels } from '#web/client/enhance-carousels.ts';
import { enhanceForms } from '#web/client/enhance-forms.ts';
import { enhanceImport } from '#web/client/enhance-import.ts';
import { enhanceMenus } from '#web/client/enhance-menus.ts';
import { enhancePhotos } from '#web/client/enhance-photos.ts';
import { enhancePush } from '#web/client/enhance-push.ts';
import { enhanceRefresh } from '#web/client/enhance-refresh.ts';
import { enhanceTabs } from '#web/client/enhance-tabs.ts';
import { liveMarks } from '#web/client/live-marks.ts';
import { liveNews } from '#web/client/live-news.ts';
import { localTimes } from '#web/client/local-times.ts';
import { recentTimes } from '#web/client/recent-times.ts';

// Every page: small comforts, each of which the page can do without.
enhanceTabs();
enhanceActs();
enhancePhotos();
enhanceCarousels();
enhanceMenus();
enhanceForms();
enhanceImport();
enhancePush();
enhanceRefresh();
recentTimes();
localTimes();
liveMarks();
liveNews();
