import { pushWords as words } from '#web/text/push.ts';
import { buttonClass } from './button.tsx';
import { Section } from './section.tsx';

/** Turns messages of this browser on and off; `enhance-push.ts` makes it work, and without it says why not. */
export function PushSwitch({ csrf }: { csrf: string }) {
  return (
    <Section title={words.title} hint={words.hint}>
      <div class="row spread" data-push data-csrf={csrf}>
        <p data-push-state aria-live="polite">
          {words.needsScript}
        </p>
        <button type="button" class={buttonClass('usual', true)} hidden>
          {words.turnOn}
        </button>
      </div>
    </Section>
  );
}
