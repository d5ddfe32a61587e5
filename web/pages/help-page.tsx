import type { Shell } from '#doors/entities/page-types.ts';
import { help as words } from '#web/text/help.ts';

/** `/help`: what people should know of originals, visibility, storage and leaving. */
export function HelpPage({ shell }: { shell: Shell }) {
  const { instance } = shell;
  const who = instance.closed ? words.closed : words.open;
  return (
    <div class="inset stack-wide prose">
      <header class="door-head">
        <h1>{words.title}</h1>
        <p class="lead">{words.lead(instance.name)}</p>
      </header>
      {words.topics.map(({ title, lines }) => (
        <section class="stack" key={title}>
          <h2>{title}</h2>
          <ul>
            {(title === words.visibility ? [...who, ...lines] : lines).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
