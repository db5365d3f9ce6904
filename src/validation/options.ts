import { MediaPreflightError } from "../errors.ts";
import { areKnownOptions, type OptionNames } from "./known-options.ts";
import { nearestWord } from "./nearest-word.ts";

/**
 * Refuses an option that does not exist, or a word that it does not take: a misspelt one would silently mean the
 * default. Undefined always means the default, null where an option takes words.
 * @param of what takes the options, for the message
 * @throws MediaPreflightError `usage`
 */
export function requireKnownOptions(
  of: string,
  options: object | null | undefined,
  names: OptionNames<Record<string, unknown>>,
): void {
  if (options === undefined || options === null) return;
  if (typeof options !== "object")
    throw new MediaPreflightError("usage", `${of}: options are an object, not a ${typeof options}`);
  for (const [name, value] of Object.entries(options)) {
    if (areKnownOptions({ [name]: value }, names)) continue;
    const words = Object.hasOwn(names, name) ? names[name] : undefined;
    throw Array.isArray(words)
      ? unknownWord(name, value, words)
      : unknownOption(of, name, Object.keys(names));
  }
}

function unknownOption(of: string, name: string, known: readonly string[]): MediaPreflightError {
  const nearest = nearestWord(name, known);
  return new MediaPreflightError("usage", `${of} has no option ${JSON.stringify(name)}`, {
    hint: nearest ? `did you mean ${nearest}?` : `its options are ${known.join(", ")}`,
  });
}

function unknownWord(option: string, value: unknown, words: readonly string[]): MediaPreflightError {
  const nearest = typeof value === "string" ? nearestWord(value, words) : null;
  return new MediaPreflightError("usage", `${option} is one of ${words.join(", ")}`, {
    hint: nearest && `did you mean ${nearest}?`,
  });
}
