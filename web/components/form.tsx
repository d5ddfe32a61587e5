import type { ComponentChildren } from 'preact';

/** A form that changes something: it posts, and carries the token that proves it came from here. */
export function Form({
  action,
  csrf,
  children,
  files = false,
  className = 'form',
  id,
  again = false,
}: {
  action: string;
  /** null only where nobody is signed in. */
  csrf: string | null;
  children: ComponentChildren;
  files?: boolean;
  className?: string;
  id?: string;
  /** It may be sent a second time: what it leads to may not have opened. */
  again?: boolean;
}) {
  return (
    <form
      method="post"
      action={action}
      class={className}
      id={id}
      {...(again ? { 'data-again': '' } : {})}
      {...(files ? { enctype: 'multipart/form-data' } : {})}
    >
      {csrf !== null && <input type="hidden" name="csrf" value={csrf} />}
      {children}
    </form>
  );
}
