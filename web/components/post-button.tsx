import { Button } from './button.tsx';
import { Form } from './form.tsx';
import { Icon, type IconName } from './icon.tsx';

/** A form of one button, for acts that can be undone. */
export function PostButton({
  action,
  csrf,
  label,
  look,
  icon,
  small = false,
  fields = {},
}: {
  action: string;
  csrf: string;
  label: string;
  look?: 'main' | 'danger' | 'plain';
  icon?: IconName;
  small?: boolean;
  fields?: Readonly<Record<string, string>>;
}) {
  return (
    <Form action={action} csrf={csrf} className="post-button">
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" key={name} name={name} value={value} />
      ))}
      <Button small={small} {...(look ? { look } : {})} {...(icon ? { icon } : {})}>
        {label}
      </Button>
    </Form>
  );
}

/** The same inside a menu. */
export function MenuPost({
  action,
  csrf,
  label,
  icon,
  fields = {},
}: {
  action: string;
  csrf: string;
  label: string;
  icon: IconName;
  fields?: Readonly<Record<string, string>>;
}) {
  return (
    <Form action={action} csrf={csrf} className="post-button">
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" key={name} name={name} value={value} />
      ))}
      <button type="submit" class="menu-item">
        <Icon name={icon} />
        {label}
      </button>
    </Form>
  );
}
