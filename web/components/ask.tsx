import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';
import { Form } from './form.tsx';
import { Icon, type IconName } from './icon.tsx';

/** Asks once before something is destroyed: the button opens the question, the question holds the form. */
export function Ask({
  label,
  question,
  yes,
  action,
  csrf,
  icon = 'trash',
  inMenu = false,
  quiet = false,
  open = false,
  children,
}: {
  label: string;
  question: string;
  yes: string;
  action: string;
  csrf: string;
  icon?: IconName;
  inMenu?: boolean;
  /** A small line of text instead of a button, for lists. */
  quiet?: boolean;
  /** Asks at once, e.g. after a mistake in its fields. */
  open?: boolean;
  /** Fields of the form, e.g. a password. */
  children?: ComponentChildren;
}) {
  const look = quiet ? 'ask-quiet' : 'button button-danger button-small';
  return (
    <details class="ask" open={open}>
      <summary class={inMenu ? 'menu-item menu-danger' : look}>
        {!quiet && <Icon name={icon} small={!inMenu} />}
        {label}
      </summary>
      <Form action={action} csrf={csrf} className="ask-sheet">
        <p>{question}</p>
        {children}
        <Button look="danger">{yes}</Button>
      </Form>
    </details>
  );
}
