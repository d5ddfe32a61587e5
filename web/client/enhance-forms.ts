async function copyFrom(button: HTMLButtonElement): Promise<void> {
  const field = document.getElementById(button.dataset.copy ?? '');
  if (!(field instanceof HTMLInputElement)) return;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done ?? button.textContent;
  } catch {
    // The text is selected: the keyboard copies it.
  }
}

/** A search may take as long as another server does: its button says that it is on its way. */
function showBusy(form: HTMLFormElement): void {
  form.addEventListener('submit', () => {
    const button = form.querySelector('button');
    if (!button) return;
    const text = button.textContent;
    button.textContent = form.dataset.busy ?? text;
    addEventListener('pageshow', () => (button.textContent = text), { once: true });
  });
}

/** All forms that change something, but those that may be sent again. */
const once = 'form[method="post"]:not([data-again])';

/** A form is sent once, links are copied with a click, a theme shows at once when it is chosen. */
export function enhanceForms(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', () => void copyFrom(button));
  }
  for (const form of document.querySelectorAll<HTMLFormElement>(once)) {
    form.addEventListener('submit', (event) => {
      if (form.dataset.sent !== undefined) event.preventDefault();
      form.dataset.sent = '';
    });
  }
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-busy]')) showBusy(form);
  // Back from another page: forms may be sent again.
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll<HTMLFormElement>('form[data-sent]')) {
      delete form.dataset.sent;
    }
  });
  for (const theme of document.querySelectorAll<HTMLInputElement>('input[name="theme"]')) {
    theme.addEventListener('change', () => {
      const root = document.documentElement;
      if (theme.value === 'auto') delete root.dataset.theme;
      else root.dataset.theme = theme.value;
    });
  }
}
