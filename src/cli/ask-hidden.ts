import type { ReadStream } from 'node:tty';

const ENTER = /[\r\n]/;
const BACKSPACE = /[\u007f\b]/;

/**
 * Asks one question after the other on a terminal and reads each answer without showing it; the
 * questions go to stderr, so stdout stays for what a script may read. Null if the person gave up
 * (Ctrl+C, Ctrl+D). The terminal shows again what is typed when this ends, however it ends.
 */
export async function askHidden(
  questions: readonly string[],
  terminal: ReadStream,
): Promise<string[] | null> {
  const decoder = new TextDecoder();
  const answers: string[] = [];
  let typed = '';
  terminal.setRawMode(true);
  try {
    process.stderr.write(questions[0] ?? '');
    // Another question may follow, so the terminal stays open.
    for await (const chunk of terminal.iterator({ destroyOnReturn: false })) {
      // Arrow keys and the like mean nothing here.
      const text = Bun.stripANSI(decoder.decode(chunk, { stream: true }));
      for (const sign of text) {
        if (sign === '\u0003' || sign === '\u0004') return null;
        if (BACKSPACE.test(sign)) typed = [...typed].slice(0, -1).join('');
        else if (sign === '\u0015') typed = '';
        else if (!ENTER.test(sign)) typed += sign;
        else {
          process.stderr.write('\n');
          answers.push(typed);
          typed = '';
          if (answers.length === questions.length) return answers;
          process.stderr.write(questions[answers.length] ?? '');
        }
      }
    }
    return null;
  } finally {
    terminal.setRawMode(false);
    terminal.pause();
  }
}
