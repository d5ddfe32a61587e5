/** Says what is wrong with an email address in one sentence, or null. Only its form is looked at; every test is linear in its length. */
export function problemOfEmail(email: string): string | null {
  const wrong = 'This is not an email address.';
  if (email === '') return 'Write your email address.';
  if (email.length > 254) return wrong;
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  const domain = email.slice(at + 1);
  if (at < 1 || local.length > 64 || /[\s\p{C}<>()[\]\\,;:"@]/u.test(local)) return wrong;
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return wrong;
  const labels = domain.split('.');
  if (labels.length < 2 && domain !== 'localhost') return wrong;
  const fits = labels.every(
    (label) =>
      label.length <= 63 &&
      /^[\p{L}\p{N}-]+$/u.test(label) &&
      !label.startsWith('-') &&
      !label.endsWith('-'),
  );
  return fits ? null : wrong;
}
