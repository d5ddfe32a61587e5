import type { ComponentChildren } from 'preact';
import { Mistake } from './field.tsx';

/** One of a few, all in sight, each with a sentence that explains it. */
export function Choices({
  name,
  legend,
  options,
  value,
  error,
  inline = false,
}: {
  name: string;
  legend: ComponentChildren;
  options: readonly {
    value: string;
    label: string;
    hint?: string;
    points?: readonly string[];
  }[];
  value: string;
  error?: string | undefined;
  inline?: boolean;
}) {
  return (
    <fieldset class="field" aria-describedby={error ? `${name}-error` : undefined}>
      <legend class="label">{legend}</legend>
      <div class={inline ? 'choices choices-line' : 'choices'}>
        {options.map((option) => (
          <label class="choice" key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              required
            />
            <span class="choice-words">
              <span class="label">{option.label}</span>
              {option.hint && <span class="hint">{option.hint}</span>}
              {option.points?.map((point) => (
                <span class="hint choice-point" key={point}>
                  {point}
                </span>
              ))}
            </span>
          </label>
        ))}
      </div>
      {error && <Mistake id={`${name}-error`} text={error} />}
    </fieldset>
  );
}
