import type { ProblemPage as Props } from '#doors/entities/page-types.ts';
import { ButtonLink } from '#web/components/button.tsx';
import { about as words } from '#web/text/about.ts';

/** Something went wrong: what, and what to do next. */
export function ProblemPage({ props }: { props: Props }) {
  return (
    <div class="problem-page inset">
      <p class="problem-status number" aria-hidden="true">
        {props.status}
      </p>
      <h1>{props.title}</h1>
      <p class="lead">{props.sentence}</p>
      <ButtonLink href="/">{words.toHome}</ButtonLink>
    </div>
  );
}
