import type { GenericSchema, InferOutput } from 'valibot';
import type { App } from '#app/app.ts';

/** What the operator can do at the command line, whether a server runs or not. */
export type AdminCommand<Schema extends GenericSchema, Output> = {
  readonly schema: Schema;
  /** Its answer goes through JSON, so it holds nothing else. */
  run(app: App, input: InferOutput<Schema>): Promise<Output> | Output;
};

/** Makes a row of the table of commands, so that input and answer keep their types. */
export function command<Schema extends GenericSchema, Output>(
  schema: Schema,
  run: (app: App, input: InferOutput<Schema>) => Promise<Output> | Output,
): AdminCommand<Schema, Output> {
  return { schema, run };
}
