/** Puts the section that is shown into the middle of its tabs, where they are wider than a phone. */
export function enhanceTabs(): void {
  for (const tabs of document.querySelectorAll('.tabs')) {
    const here = tabs.querySelector('[aria-current]')?.getBoundingClientRect();
    if (here === undefined) continue;
    const all = tabs.getBoundingClientRect();
    tabs.scrollLeft += here.left + here.width / 2 - (all.left + all.width / 2);
  }
}
