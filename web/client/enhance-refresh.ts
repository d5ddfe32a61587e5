/**
 * Keeps a part of a page fresh while something is on its way: `data-refresh` says after how many
 * seconds the page is asked for again, and the part of the same id takes this one's place until it
 * comes without the mark. Without JavaScript a link does it.
 */
export function enhanceRefresh(): void {
  for (const part of document.querySelectorAll<HTMLElement>('[data-refresh][id]')) follow(part);
}

const SLOWEST = 30;

function follow(part: HTMLElement, patience = 1): void {
  const seconds = Number(part.dataset.refresh);
  if (!(seconds > 0)) return;
  setTimeout(
    async () => {
      const fresh = document.hidden ? null : await ask(part.id);
      // Nobody's focus is taken away, and what nobody looks at can wait.
      const busy = part.contains(document.activeElement);
      if (fresh === null || busy) {
        follow(part, document.hidden || busy ? patience : patience * 2);
        return;
      }
      part.replaceWith(fresh);
      follow(fresh);
    },
    Math.min(seconds * patience, SLOWEST) * 1000,
  );
}

async function ask(id: string): Promise<HTMLElement | null> {
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    return page.getElementById(id);
  } catch {
    return null;
  }
}
