import type { PreflightOptions } from "../../preflight/preflight.ts";
import type { Messages } from "../../report/messages/en.ts";
import { type Locale, loadMessages } from "../../report/messages/locales.ts";
import { nearestWord } from "../../validation/nearest-word.ts";
import { noValue, type Parsed, usage } from "../args/parse.ts";
import { repositoryRoot } from "../git/repository-root.ts";
import { findConfig, type LocatedConfig, loadConfig, type ReadText } from "./find-config.ts";
import type { FilePolicy } from "./policy.ts";
import { requireContained } from "./require-contained.ts";

/** The configuration that a command line asks for. @throws MediaPreflightError `bad-config`, `not-found` */
export async function resolveConfiguration(args: Parsed, read?: ReadText): Promise<LocatedConfig> {
  const cwd = process.cwd();
  if (args.switches.has("no-config")) return { config: {}, from: null, base: repositoryRoot(cwd) ?? cwd };
  if (args.values.config !== undefined) return requireContained(await loadConfig(args.values.config, cwd));
  return requireContained(await findConfig(cwd, repositoryRoot(cwd), read));
}

/** How one file is checked: flags override its filePolicy, which overrides the defaults. */
export function preflightOptionsFor(
  args: Parsed,
  filePolicy: FilePolicy,
  located: LocatedConfig,
): PreflightOptions {
  const { type, rules, limits, "cross-check": crossCheck, locale } = args.values;
  return {
    type: (type as PreflightOptions["type"]) ?? filePolicy.type,
    rules: rules ?? filePolicy.rules,
    limits: (limits as PreflightOptions["limits"]) ?? filePolicy.limits,
    strict: args.switches.has("strict") || filePolicy.strict,
    crossCheck: (crossCheck as PreflightOptions["crossCheck"]) ?? located.config.crossCheck,
    acceptUnsure: acceptUnsure(args),
    findings: needsAllFindings(args) ? "all" : "blocking",
    // Not false: a service on this machine may read its own addresses without the flag.
    allowPrivate: args.switches.has("allow-private") || undefined,
    decode: args.switches.has("decode") || undefined,
    locale: locale as PreflightOptions["locale"],
  };
}

/** A set needs every reading of a duration, and a page shows the limits that are met. */
function needsAllFindings({ switches, values }: Parsed): boolean {
  return switches.has("verbose") || values.set !== undefined || values.format === "html";
}

/** The messages of the chosen locale; undefined for English, which is always loaded. */
export async function messagesOf(args: Parsed): Promise<Messages | undefined> {
  const { locale } = args.values;
  return locale === undefined || locale === "en" ? undefined : await loadMessages(locale as Locale);
}

/** @throws MediaPreflightError `usage` where --accept-unsure names a rule that there is not */
export async function validateAcceptUnsure(args: Parsed): Promise<void> {
  const named = acceptUnsure(args);
  if (typeof named === "boolean") return;
  const { explain, explainable } = await import("../../report/explain/explain.ts");
  for (const rule of named) {
    if (rule.includes("/") && explain(rule)?.kind === "rule") continue;
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
  return value === noValue ? true : value.split(",").map((rule) => rule.trim());
}
