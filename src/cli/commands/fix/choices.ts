import type { FixChoices } from "../../../fix/plan/types.ts";
import { type Parsed, usage } from "../../args/parse.ts";

/** What a person decided, from the flags of fix and push. @throws MediaPreflightError `usage` */
export function choicesOf(args: Parsed): FixChoices {
  const { values, switches } = args;
  return {
    fit: values.fit as FixChoices["fit"],
    padColor: color(values["pad-color"], "pad-color"),
    trim: seconds(values.trim),
    to: values.to?.toLowerCase(),
    background: color(values.background, "background"),
    firstFrame: switches.has("first-frame"),
    compatible: switches.has("compatible"),
  };
}

const named: Readonly<Record<string, string>> = { black: "#000000", white: "#ffffff" };

function color(text: string | undefined, flag: string): string | undefined {
  if (text === undefined) return undefined;
  const value = named[text.toLowerCase()] ?? text.toLowerCase();
  if (!/^#[0-9a-f]{6}$/.test(value))
    throw usage(`--${flag} is a color as #rrggbb, black or white, not "${text}"`, "fix");
  return value;
}

function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 0)) throw usage(`--trim is a time in seconds, such as 4 or 2.5, not "${text}"`, "fix");
  return value;
}
