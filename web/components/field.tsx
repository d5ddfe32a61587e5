import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { Icon } from './icon.tsx';

type FieldFrame = {
  id: string;
  label: ComponentChildren;
  hint?: string | undefined;
  error?: string | undefined;
};

/** What was wrong with one field, under it. */
export function Mistake({ id, text }: { id: string; text: string }) {
  return (
    <p class="mistake" id={id}>
      <Icon name="warn" small />
      <span>{text}</span>
    </p>
  );
}

function described({ id, hint, error }: FieldFrame): string | undefined {
  const ids = [error ? `${id}-error` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' ');
  return ids === '' ? undefined : ids;
}

function Frame({ id, label, hint, error, children }: FieldFrame & { children: ComponentChildren }) {
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      {children}
      {error && <Mistake id={`${id}-error`} text={error} />}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export type FieldProps = Omit<FieldFrame, 'id'> & {
  name: string;
  id?: string;
  className?: string;
  type?: 'text' | 'email' | 'password' | 'url' | 'number' | 'file' | 'date' | 'datetime-local';
  value?: string;
  placeholder?: string;
  autocomplete?: string;
  autocapitalize?: 'none';
  inputMode?: 'decimal' | 'numeric';
  spellcheck?: boolean;
  required?: boolean;
  readOnly?: boolean;
  maxLength?: number;
  minLength?: number;
  min?: number;
  max?: number;
  /** Of a file input: types that may be picked, and whether several. */
  accept?: string;
  multiple?: boolean;
};

/** One line of text with its label, hint and mistake. */
export function Field({ label, hint, error, name, id = name, className, ...rest }: FieldProps) {
  const frame = { id, label, hint, error };
  // Preact's type ties every role to every type of input; ours is a subset that needs neither.
  const attributes = rest as InputHTMLAttributes<HTMLInputElement>;
  return (
    <Frame {...frame}>
      <input
        class={className ? `input ${className}` : 'input'}
        id={id}
        name={name}
        aria-describedby={described(frame)}
        aria-invalid={error ? 'true' : undefined}
        {...attributes}
      />
    </Frame>
  );
}

type AreaProps = Omit<FieldFrame, 'id'> & {
  name: string;
  id?: string;
  value?: string;
  rows?: number;
  maxLength?: number;
  required?: boolean;
};

/** Several lines of text. */
export function TextArea({ label, hint, error, name, id = name, value = '', ...rest }: AreaProps) {
  const frame = { id, label, hint, error };
  return (
    <Frame {...frame}>
      <textarea
        class="input"
        id={id}
        name={name}
        aria-describedby={described(frame)}
        aria-invalid={error ? 'true' : undefined}
        {...rest}
      >
        {value}
      </textarea>
    </Frame>
  );
}

type SelectProps = Omit<FieldFrame, 'id'> & {
  name: string;
  id?: string;
  value: string;
  options: readonly { value: string; label: string }[];
  disabled?: boolean;
};

/** One of several, in a list that opens. */
export function Select({
  label,
  hint,
  error,
  name,
  id = name,
  value,
  options,
  disabled = false,
}: SelectProps) {
  const frame = { id, label, hint, error };
  return (
    <Frame {...frame}>
      <select
        class="input"
        id={id}
        name={name}
        disabled={disabled}
        aria-describedby={described(frame)}
        aria-invalid={error ? 'true' : undefined}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}
