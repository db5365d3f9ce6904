import { createFormatter, type FormatName } from "../../../report/formatters/formats.node.ts";
import type { Formatter } from "../../../report/formatters/formatter.ts";
import { loadTableFromNode } from "../../../rules/load.node.ts";
import { type Parsed, usage } from "../../args/parse.ts";
import { baselinePath, loadBaseline } from "../../config/baseline.ts";
import type { LocatedConfig } from "../../config/find-config.ts";
import { createPolicy, type Policy, tablePath } from "../../config/policy.ts";
import { messagesOf, resolveConfiguration, validateAcceptUnsure } from "../../config/preflight-options.ts";
import type { InputArguments } from "../../files/inputs.ts";
import type { GitIndex } from "../../git/git-index.ts";
import type { Terminal } from "../../io/terminal.ts";

/** @throws MediaPreflightError `usage` */
export async function validateArgs(args: Parsed, { positionals, filesFrom }: InputArguments): Promise<void> {
  const named = positionals.length + filesFrom.length;
  if (args.switches.has("staged") && named > 0)
    throw usage("--staged takes no paths: it checks what git is about to commit", "check");
  if (args.switches.has("null") && filesFrom.length === 0) throw usage("-0 needs --files-from", "check");
  const wholeRepository = args.switches.has("staged") || args.switches.has("print-config");
  if (named === 0 && !wholeRepository)
    throw usage("nothing to check: name a file, a folder, a glob, a URL, or - for stdin", "check");
  await validateAcceptUnsure(args);
}

/** The effective configuration; with `--staged` it and its rule tables are those of the index. */
export async function configurationOf(
  args: Parsed,
  index: GitIndex | null,
): Promise<{ located: LocatedConfig; printed: object }> {
  const own = await resolveConfiguration(args, index?.readText);
  const printed = { from: own.from, config: own.config };
  if (index === null) return { located: own, printed };
  const { withStagedTables } = await import("../../config/staged-tables.ts");
  return { located: await withStagedTables(own, index.readText), printed };
}

/**
 * How each file is checked, with every rule table loaded, so that an invalid one is reported before anything else.
 * @throws MediaPreflightError `bad-table`, `bad-config`, `not-found`, `usage`
 */
export async function loadPolicy(
  args: Parsed,
  located: LocatedConfig,
  index: GitIndex | null,
): Promise<Policy> {
  const path = args.switches.has("write-baseline") ? null : baselinePath(args.values.baseline, located);
  const baseline = path === null ? null : await loadBaseline(path, index?.readText);
  const today = new Date().toISOString().slice(0, 10);
  const policy = await createPolicy(located, baseline, index?.root ?? process.cwd(), today);
  const named = args.values.rules;
  const ofConfiguration = [
    policy.general.rules,
    ...(located.config.files ?? []).map((f) => tablePath(f.rules, located.base)),
  ];
  for (const table of named === undefined ? ofConfiguration : [named])
    if (table !== undefined) await loadTableFromNode(table);
  return policy;
}

/** The formatter that the flags ask for. */
export async function formatterFor(args: Parsed, terminal: Terminal): Promise<Formatter> {
  const format = (args.values.format ?? "text") as FormatName;
  const namesProducer = format === "sarif" || format === "junit" || format === "html";
  return await createFormatter(format, {
    color: terminal.color,
    width: terminal.columns ?? Number.POSITIVE_INFINITY,
    quiet: args.switches.has("quiet"),
    verbose: args.switches.has("verbose"),
    messages: await messagesOf(args),
    version: namesProducer ? (await import("../../version.ts")).version : undefined,
  });
}
