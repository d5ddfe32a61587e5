import { chmodSync, chownSync, copyFileSync, renameSync, rmSync } from 'node:fs';
import { AppError } from '#base/core/errors.ts';
import { flushFile, writeDurably } from '#base/platform/write-durably.ts';

/** Something that changes the machine: a command, a file that is written, copied or removed. */
export type Step = { why: string } & (
  | { run: readonly string[] }
  | { write: string; text: string }
  | { copy: string; to: string }
  | { remove: string }
);

/** Does the steps one after the other, as root, saying each; throws a sentence at the first that fails. */
export async function doSteps(steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    console.log(step.why);
    if ('run' in step) await runCommand(step.run);
    else if ('write' in step) writeDurably(step.write, step.text, 0o644);
    else if ('copy' in step) copyExecutable(step.copy, step.to);
    else rmSync(step.remove, { force: true });
  }
}

/** What `doSteps` would do, as commands that a person could type. */
export function describeSteps(steps: readonly Step[]): string {
  return steps
    .map((step) => {
      if ('run' in step) return `# ${step.why}\n${step.run.join(' ')}`;
      if ('copy' in step) {
        return `# ${step.why}\ninstall -o root -g root -m 0755 ${step.copy} ${step.to}`;
      }
      if ('remove' in step) return `# ${step.why}\nrm -f ${step.remove}`;
      return `# ${step.why}\ncat > ${step.write} <<'END'\n${step.text}END`;
    })
    .join('\n\n');
}

async function runCommand(command: readonly string[]): Promise<void> {
  const child = Bun.spawn([...command], { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' });
  const said = (await new Response(child.stderr).text()).trim();
  if ((await child.exited) === 0) return;
  throw new AppError('unavailable', `"${command.join(' ')}" failed: ${said.slice(-500)}`);
}

/** A file that runs cannot be written to, but its name can be given to another. */
function copyExecutable(from: string, to: string): void {
  const unfinished = `${to}.new`;
  copyFileSync(from, unfinished);
  chownSync(unfinished, 0, 0);
  chmodSync(unfinished, 0o755);
  flushFile(unfinished);
  renameSync(unfinished, to);
}
