/** Says one sentence at the foot of the window for some seconds; readers aloud hear it. */
export function sayOnce(sentence: string): void {
  const before = document.querySelector('.say');
  const line = before ?? document.createElement('p');
  line.className = 'say';
  line.setAttribute('role', 'status');
  if (!before) document.body.append(line);
  // Text that comes after its region is announced everywhere.
  requestAnimationFrame(() => {
    line.textContent = sentence;
  });
  const said = sentence;
  setTimeout(() => {
    if (line.textContent === said) line.remove();
  }, 6000);
}
