import { Icon } from './icon.tsx';

/** A sentence about what happened; a problem is announced at once. */
export function Notice({ kind, text }: { kind: 'done' | 'problem' | 'hint'; text: string }) {
  return (
    <div
      class={kind === 'hint' ? 'notice' : `notice notice-${kind}`}
      role={kind === 'problem' ? 'alert' : 'status'}
    >
      <Icon name={kind === 'done' ? 'check' : kind === 'problem' ? 'warn' : 'about'} />
      <p>{text}</p>
    </div>
  );
}
