import type { PreflightOptions } from "../../preflight/preflight.ts";
import type { Messages } from "../../report/messages/en.ts";
import { type Locale, loadMessages } from "../../report/messages/locales.ts";
import { nearestWord } from "../../validation/nearest-word.ts";
import { leftOut, type Parsed, usage } from "../args/parse.ts";
import { requireContained } from "./contained.ts";
import { type FoundConfig, findConfig, loadConfig, type ReadText, repositoryRoot } from "./find.ts";
import type { FilePolicy } from "./policy.ts";

/** The configuration that a command line asks for. @throws MediaPreflightError `bad-config`, `not-found` */
export async function configured(args: Parsed, read?: ReadText): Promise<FoundConfig> {
  const cwd = process.cwd();
  if (args.switches.has("no-config")) return { config: {}, from: null, base: repositoryRoot(cwd) ?? cwd };
  if (args.values.config !== undefined) return requireContained(await loadConfig(args.values.config, cwd));
  return requireContained(await findConfig(cwd, repositoryRoot(cwd), read));
}

/** How one file is judged: flags before its filePolicy, that before the defaults. */
export function judgingOptions(args: Parsed, filePolicy: FilePolicy, found: FoundConfig): PreflightOptions {
  const { type, rules, limits, "cross-check": crossCheck, locale } = args.values;
  return {
    type: (type as PreflightOptions["type"]) ?? filePolicy.type,
    rules: rules ?? filePolicy.rules,
    limits: (limits as PreflightOptions["limits"]) ?? filePolicy.limits,
    strict: args.switches.has("strict") || filePolicy.strict,
    crossCheck: (crossCheck as PreflightOptions["crossCheck"]) ?? found.config.crossCheck,
    acceptUnsure: acceptUnsure(args),
    // A set needs every reading of a duration, which only all findings have.
    findings: args.switches.has("verbose") || args.values.set !== undefined ? "all" : "blocking",
    // Not false: a service on this machine may read addresses on it unasked.
    allowPrivate: args.switches.has("allow-private") || undefined,
    decode: args.switches.has("decode") || undefined,
    locale: locale as PreflightOptions["locale"],
  };
}

/** The messages of the locale asked for; undefined: English, which is at hand. */
export async function messagesOf(args: Parsed): Promise<Messages | undefined> {
  const { locale } = args.values;
  return locale === undefined || locale === "en" ? undefined : await loadMessages(locale as Locale);
}

/** @throws MediaPreflightError `usage` where --accept-unsure names a rule that there is not */
export async function knownRules(args: Parsed): Promise<void> {
  const named = acceptUnsure(args);
  if (typeof named === "boolean") return;
  const { explain, explainable } = await import("../../report/explain/explain.ts");
  for (const rule of named) {
    if (rule.includes("/") && explain(rule)?.of === "rule") continue;
    const [, subject = rule] = rule.split("/");
    const near = nearestWord(subject, explainable());
    throw usage(
      `--accept-unsure: there is no rule ${rule}${near ? ` (did you mean …/${near}?)` : ""}`,
      "check",
    );
  }
}

/** `--accept-unsure` alone is all rules, with a value the rules named. */
export function acceptUnsure(args: Parsed): boolean | string[] {
  const value = args.values["accept-unsure"];
  if (value === undefined) return false;
  return value === leftOut ? true : value.split(",").map((rule) => rule.trim());
}
