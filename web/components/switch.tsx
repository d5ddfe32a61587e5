/** Something that is on or off; an unchecked one is not sent, as browsers do. */
export function Switch({
  name,
  label,
  hint,
  checked,
  id = name,
  value = '1',
  disabled = false,
}: {
  name: string;
  label: string;
  hint?: string;
  checked: boolean;
  id?: string;
  value?: string;
  disabled?: boolean;
}) {
  return (
    <div class="switch">
      <input
        type="checkbox"
        id={id}
        name={name}
        value={value}
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
      />
      <div class="switch-words">
        <label for={id}>{label}</label>
        {hint && (
          <span class="hint" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </div>
    </div>
  );
}
