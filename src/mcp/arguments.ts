import * as v from "valibot";
import { MediaPreflightError } from "../errors.ts";
import { describeSchemaErrors } from "../validation/schema-errors.ts";

/**
 * The arguments of a call, by the tool's schema. The SDK's own check is left out (`unchecked`), since its errors have
 * neither a code nor a hint.
 * @throws MediaPreflightError `usage`
 */
export function parseArguments<Schema extends v.GenericSchema>(
  schema: Schema,
  given: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, given);
  if (parsed.success) return parsed.output;
  const known = keysOf(schema);
  throw new MediaPreflightError(
    "usage",
    describeSchemaErrors(parsed.issues, "the arguments", known).join("; "),
    {
      hint: `correct the arguments: this tool takes ${known.join(", ")}`,
    },
  );
}

function keysOf(schema: v.GenericSchema): string[] {
  const { entries } = schema as { entries?: Readonly<Record<string, unknown>> };
  return Object.keys(entries ?? {});
}

/** A schema that describes arguments to clients, and accepts any. */
export function unchecked<Schema extends { "~standard": object }>(schema: Schema): Schema {
  return { ...schema, "~standard": { ...schema["~standard"], validate: (value: unknown) => ({ value }) } };
}
