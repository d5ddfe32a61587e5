import { join } from 'node:path';

/** One instruction of the Dockerfile with its continued lines joined, in the order of the file. */
export type Instruction = { name: string; words: string };

/** Reads the last stage of the Dockerfile: what the image is. */
export async function finalStage(): Promise<Instruction[]> {
  const text = await Bun.file(join(import.meta.dir, '..', '..', 'Dockerfile')).text();
  const lines = text.replaceAll(/\\\n/g, ' ').split('\n');
  const all = lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', ...words] = line.trim().split(/\s+/);
      return { name, words: words.join(' ') };
    });
  return all.slice(all.findLastIndex(({ name }) => name === 'FROM'));
}

/** The words of the only instruction of that name. */
export function the(stage: Instruction[], name: string): string {
  const found = stage.filter((one) => one.name === name);
  const [instruction] = found;
  if (instruction === undefined || found.length !== 1) {
    throw new Error(`The Dockerfile has ${found.length} ${name} in its last stage, not one.`);
  }
  return instruction.words;
}
