import { MediaPreflightError } from "../errors.ts";
import type { OptionNames, OptionValues } from "./known-options.ts";
import { nearestWord } from "./nearest-word.ts";

/**
 * Rejects an option that does not exist, or a value that is not allowed: a misspelt one would silently mean the default.
 * Undefined always means the default; so does null for an option with a list of values.
 * @param caller the function that the options are for, for the message
 * @throws MediaPreflightError `usage`
 */
export function requireKnownOptions(
  caller: string,
  options: object | null | undefined,
  names: OptionNames<Record<string, unknown>>,
): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    const given = options === null ? "null" : Array.isArray(options) ? "an array" : `a ${typeof options}`;
    throw new MediaPreflightError("usage", `${caller}: options are an object, not ${given}`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const allowed = Object.hasOwn(names, name) ? names[name] : undefined;
    if (allowed === undefined) throw unknownOption(caller, name, Object.keys(names));
    requireAllowedValue(name, value, allowed);
  }
}

function requireAllowedValue(name: string, value: unknown, allowed: OptionValues): void {
  if (allowed === true) return;
  if ("accepts" in allowed) {
    if (!allowed.accepts(value)) throw new MediaPreflightError("usage", `${name} is ${allowed.expected}`);
    return;
  }
  if (value !== null && !(allowed as readonly unknown[]).includes(value))
    throw unknownValue(name, value, allowed);
}

function unknownOption(caller: string, name: string, known: readonly string[]): MediaPreflightError {
  const nearest = nearestWord(name, known);
  return new MediaPreflightError("usage", `${caller} has no option ${JSON.stringify(name)}`, {
    hint: nearest ? `did you mean ${nearest}?` : `its options are ${known.join(", ")}`,
  });
}

function unknownValue(
  option: string,
  value: unknown,
  allowed: readonly (string | boolean)[],
): MediaPreflightError {
  const words = allowed.filter((word) => typeof word === "string");
  const nearest = typeof value === "string" ? nearestWord(value, words) : null;
  return new MediaPreflightError("usage", `${option} is one of ${allowed.join(", ")}`, {
    hint: nearest && `did you mean ${nearest}?`,
  });
}
