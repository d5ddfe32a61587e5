import { about as words } from '#web/text/about.ts';

/** What is asked of people here; nothing where nobody wrote any. */
export function Rules({ rules }: { rules: readonly string[] }) {
  if (rules.length === 0) return null;
  return (
    <section class="stack">
      <h2>{words.rules}</h2>
      <ol>
        {rules.map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ol>
    </section>
  );
}
