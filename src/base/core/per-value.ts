/** Makes a question that has one answer for each object, kept as long as the object lives: memories of a server, not of the module. */
export function perValue<K extends WeakKey, T>(make: (key: K) => T): (key: K) => T {
  const answers = new WeakMap<K, T>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const made = make(key);
    answers.set(key, made);
    return made;
  };
}
