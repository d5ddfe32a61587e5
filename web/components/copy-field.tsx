import { site } from '#web/text/site.ts';

/** A link to hand on; the button that copies it appears where a script runs. */
export function CopyField({
  id,
  label,
  hint,
  value,
}: {
  id: string;
  label: string;
  hint: string;
  value: string;
}) {
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <div class="copy">
        <input
          class="input input-code"
          id={id}
          readOnly
          value={value}
          aria-describedby={`${id}-hint`}
        />
        <button type="button" class="button" data-copy={id} data-done={site.copied} hidden>
          {site.copy}
        </button>
      </div>
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}
