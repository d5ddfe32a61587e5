import type { ReferencePage as Props, ReferenceRow } from '#doors/entities/reference-page.ts';
import { reference as words } from '#web/text/reference.ts';

/** `/api/docs`: what apps may ask, who may ask it, and what they get. */
export function ReferencePage({ props }: { props: Props }) {
  return (
    <div class="inset stack-wide prose">
      <header class="door-head">
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        <p>
          <a href={props.document}>{words.document}</a>
        </p>
      </header>
      <nav aria-label={words.chapters}>
        <ul>
          {props.chapters.map(({ title }) => (
            <li key={title}>
              <a href={`#${anchor(title)}`}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
      {props.chapters.map(({ title, routes }) => (
        <section class="stack" id={anchor(title)} key={title}>
          <h2>{title}</h2>
          {routes.map((route) => (
            <Route route={route} key={`${route.method} ${route.path}`} />
          ))}
        </section>
      ))}
    </div>
  );
}

function Route({ route }: { route: ReferenceRow }) {
  return (
    <article class="reference-route">
      <h3>
        <code>{`${route.method} ${route.path}`}</code>
      </h3>
      <p>{route.says}</p>
      <p class="soft">{`${words.answers}: ${route.answer} · ${route.who}`}</p>
      {route.fields.length > 0 && (
        <ul>
          {route.fields.map((field) => (
            <li key={field.name}>
              <code>{field.name}</code>
              {` ${[field.kind, field.required ? words.required : '', field.note].filter(Boolean).join(', ')}`}
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

function anchor(title: string): string {
  return title.toLowerCase().replace(/[^a-z]+/g, '-');
}
