import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

type Look = 'main' | 'danger' | 'plain' | 'usual';

type ButtonProps = {
  children: ComponentChildren;
  look?: Look;
  icon?: IconName;
  small?: boolean;
  wide?: boolean;
  name?: string;
  value?: string;
  disabled?: boolean;
};

export function buttonClass(look: Look = 'usual', small = false, wide = false): string {
  let names = 'button';
  if (look !== 'usual') names += ` button-${look}`;
  if (small) names += ' button-small';
  if (wide) names += ' button-wide';
  return names;
}

/** A button that sends its form. */
export function Button({ children, look, icon, small, wide, ...rest }: ButtonProps) {
  return (
    <button type="submit" class={buttonClass(look, small, wide)} {...rest}>
      {icon && <Icon name={icon} small={small === true} />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({
  href,
  children,
  look,
  icon,
  small,
  wide,
}: Omit<ButtonProps, 'name' | 'value' | 'disabled'> & { href: string }) {
  const sign = icon && <Icon name={icon} small={small === true} />;
  return (
    <a href={href} class={buttonClass(look, small, wide)}>
      {icon !== 'right' && sign}
      {children}
      {icon === 'right' && sign}
    </a>
  );
}
