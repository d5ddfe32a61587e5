function enhance(carousel: HTMLElement): void {
  const strip = carousel.querySelector<HTMLElement>('.carousel-strip');
  if (!strip) return;
  const count = carousel.querySelector<HTMLElement>('[data-count]');
  const dots = [...carousel.querySelectorAll('.carousel-dot')];
  const steps = [...carousel.querySelectorAll<HTMLButtonElement>('[data-step]')];
  const here = () => Math.round(strip.scrollLeft / Math.max(1, strip.clientWidth));
  const show = () => {
    const at = here();
    if (count) count.textContent = `${at + 1} / ${dots.length}`;
    dots.forEach((dot, place) => {
      dot.classList.toggle('is-here', place === at);
    });
    for (const step of steps) {
      const next = at + Number(step.dataset.step);
      const held = document.activeElement === step;
      step.disabled = next < 0 || next >= dots.length;
      if (held && step.disabled) steps.find((other) => other !== step)?.focus();
    }
  };
  for (const step of steps) {
    step.addEventListener('click', () => {
      const at = here() + Number(step.dataset.step);
      strip.scrollTo({ left: at * strip.clientWidth });
    });
  }
  strip.addEventListener('scroll', show, { passive: true });
  carousel.classList.add('carousel-live');
  show();
}

/** Steps and a true count for photos that stand side by side; without this they are swiped. */
export function enhanceCarousels(): void {
  for (const carousel of document.querySelectorAll<HTMLElement>('[data-carousel]')) {
    enhance(carousel);
  }
}
