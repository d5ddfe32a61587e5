type Licence = { key: string; pixelfedId: number; title: string; url: string };

/** What an author can allow others to do; the numbers are Pixelfed's, which its apps know. */
export const licences = [
  { key: 'all-rights-reserved', pixelfedId: 1, title: 'All rights reserved', url: '' },
  {
    key: 'public-domain',
    pixelfedId: 5,
    title: 'Public domain',
    url: 'https://creativecommons.org/publicdomain/mark/1.0/',
  },
  {
    key: 'cc0-1.0',
    pixelfedId: 6,
    title: 'CC0 1.0: no rights reserved',
    url: 'https://creativecommons.org/publicdomain/zero/1.0/',
  },
  {
    key: 'cc-by-4.0',
    pixelfedId: 11,
    title: 'CC BY 4.0: credit the author',
    url: 'https://creativecommons.org/licenses/by/4.0/',
  },
  {
    key: 'cc-by-sa-4.0',
    pixelfedId: 12,
    title: 'CC BY-SA 4.0: credit, share alike',
    url: 'https://creativecommons.org/licenses/by-sa/4.0/',
  },
  {
    key: 'cc-by-nc-4.0',
    pixelfedId: 13,
    title: 'CC BY-NC 4.0: credit, not for money',
    url: 'https://creativecommons.org/licenses/by-nc/4.0/',
  },
  {
    key: 'cc-by-nc-sa-4.0',
    pixelfedId: 14,
    title: 'CC BY-NC-SA 4.0: credit, not for money, share alike',
    url: 'https://creativecommons.org/licenses/by-nc-sa/4.0/',
  },
  {
    key: 'cc-by-nd-4.0',
    pixelfedId: 15,
    title: 'CC BY-ND 4.0: credit, unchanged',
    url: 'https://creativecommons.org/licenses/by-nd/4.0/',
  },
  {
    key: 'cc-by-nc-nd-4.0',
    pixelfedId: 16,
    title: 'CC BY-NC-ND 4.0: credit, not for money, unchanged',
    url: 'https://creativecommons.org/licenses/by-nc-nd/4.0/',
  },
] as const satisfies readonly Licence[];

export type LicenceKey = (typeof licences)[number]['key'];

/** The licence behind a key (`cc-by-4.0`) or one of Pixelfed's numbers (`11`); null if there is none. */
export function findLicence(keyOrNumber: string): (typeof licences)[number] | null {
  return (
    licences.find((each) => each.key === keyOrNumber || String(each.pixelfedId) === keyOrNumber) ??
    null
  );
}
