/** What one person may keep (T100). */
export const filterLimits = { filters: 200, keywords: 500, posts: 500, title: 200, keyword: 200 };
