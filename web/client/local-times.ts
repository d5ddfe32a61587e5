import { later } from '#web/text/later.ts';

/** A moment as a field for a time wants it, in the time of this device. */
function ownTime(at: Date): string {
  const moved = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return moved.toISOString().slice(0, 16);
}

function hintOf(field: HTMLInputElement, own: string): void {
  const hint = document.getElementById(`${field.id}-hint`);
  if (hint) hint.textContent = own;
}

/** Times that are still to come: in UTC without a script, with one in the time of this device. */
export function localTimes(): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>('[data-local] time')) {
    const at = new Date(time.dateTime);
    time.textContent = at.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
  }
  const fields = document.querySelectorAll<HTMLInputElement>('form input[type="datetime-local"]');
  for (const field of fields) {
    if (field.value !== '') field.value = ownTime(new Date(`${field.value}Z`));
    hintOf(field, field.required ? later.ownShort : later.own);
    field.form?.addEventListener('formdata', ({ formData }) => {
      const at = new Date(field.value);
      if (!Number.isNaN(at.getTime())) formData.set(field.name, at.toISOString());
    });
  }
}
