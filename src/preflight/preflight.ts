import { loadModule } from "../async/load-module.ts";
import type { ByteSource } from "../bytes/source.ts";
import { MediaPreflightError } from "../errors.ts";
import type { Budgets } from "../facts/budget.ts";
import type { CrossCheckPolicy, RunCrossCheck } from "../facts/cross-check/policy.ts";
import type { Damage, Evidence, Reading, SizeReading, Unread } from "../facts/evidence.ts";
import { type Facts, noFacts } from "../facts/facts.ts";
import type { Kind } from "../facts/formats.ts";
import type { Parsers } from "../facts/parsers.ts";
import { type FormatRow, readFormats } from "../facts/read-formats.ts";
import { buildReport } from "../report/build.ts";
import type { Messages } from "../report/messages/en.ts";
import type { Locale } from "../report/messages/locales.ts";
import type { Finding, Report } from "../report/report.ts";
import { type Evaluation, evaluate } from "../rules/evaluate.ts";
import { extensionOf } from "../rules/extension.ts";
import type { Table, TransportRules } from "../rules/schema.ts";
import { worstOf } from "../rules/verdict.ts";
import { areKnownOptions } from "../validation/known-options.ts";
import type { requireKnownOptions } from "../validation/options.ts";
import type { CrossCheckOptions } from "./cross-check-options.ts";
import { readInput } from "./inputs/read-input.ts";
import { inspectOptionNames, preflightOptionNames } from "./option-names.ts";

/** How facts are read. */
export interface InspectOptions {
  /** Whether other libraries read the file as well. Default "auto": only unusual files. */
  crossCheck?: CrossCheckPolicy | undefined;
  /** Where the cross-check libraries are found, and how they run. */
  crossCheckOptions?: CrossCheckOptions | undefined;
  /** Limits of the work for one file. Default `defaultBudgets`. */
  budgets?: Partial<Budgets> | undefined;
  /** Most bytes of a stream or a Response. Default 536,870,912 (512 MiB). */
  maxStreamBytes?: number | undefined;
  signal?: AbortSignal | null | undefined;
  /** The name to report, whose extension is checked. Default: the input's own. */
  name?: string | null | undefined;
  /**
   * Allows URLs of private and loopback addresses: for tests, and for a service on this machine. A function is called
   * for each redirect.
   */
  allowPrivate?: boolean | ((url: URL) => boolean) | undefined;
}

/** How a file is checked. */
export interface PreflightOptions extends InspectOptions {
  /** What the file will be used as. Default: its own kind. */
  type?: Kind | undefined;
  /**
   * A built-in table's id, a table as an object (validated on first use; `defineTable` types it); in Node.js also the
   * path of a JSON file. Default "atlas-seedance-2.0".
   */
  rules?: string | Table | object | undefined;
  /** "observed" uses the limits that the service has been seen to accept, if the table has them. Default "documented". */
  limits?: "documented" | "observed" | undefined;
  /** Treats ambiguous values as unsure, even if the service has been seen to accept them. Default false. */
  strict?: boolean | undefined;
  /** Accepts `unsure` findings whose readings disagree (reason `reading`): all, or those of these rule ids. */
  acceptUnsure?: boolean | readonly string[] | undefined;
  /** "all" also reports the rules that passed. Default "blocking": those that did not, and notes. */
  findings?: "all" | "blocking" | undefined;
  /** The language of messages. Default "en". `describeFinding` renders a finding in another one. */
  locale?: Locale | Messages | undefined;
  /** Evaluates only these rules: "video/duration", or "duration" for every type. Default all. */
  only?: readonly string[] | undefined;
  /** Does not evaluate these rules, named as in `only`. */
  skip?: readonly string[] | undefined;
  /**
   * Also decodes all of the file, to find damage that no header shows; Node.js with ffmpeg only. Default false.
   * If nothing can decode it, `preflight` throws `no-engine`: without decoding, the file has not passed.
   */
  decode?: boolean | undefined;
}

/** Everything that was read from a file, before rules are evaluated. */
export interface Inspection {
  file: string | null;
  facts: Facts;
  readings: { sizes: SizeReading[]; durations: Reading<number>[]; frameRates: Reading<number>[] };
  damage: Damage[];
  unread: Unread[];
  /** What a cross-check library could not answer, and why. */
  crossCheckNotes: { crossCheck: string; why: string }[];
}

/** An input's bytes, or the findings that state why a URL has none. */
export interface OpenedInput {
  source: ByteSource | null;
  /** Its name in the report: the URL without its query, which may be a secret. */
  shown: string;
  /** Findings about the URL itself. */
  findings: Finding[];
}

/** How an input is opened. */
export interface OpenOptions extends PreflightOptions {
  /** What the rule table requires of URLs. */
  transport?: TransportRules | undefined;
}

/** What differs between Node.js and browsers. */
export interface Platform<Input> {
  /** @throws MediaPreflightError if there is nothing to read */
  open(input: Input, options: OpenOptions): ByteSource | OpenedInput | Promise<ByteSource | OpenedInput>;
  loadTable(rules: string | object | undefined): Table | Promise<Table>;
  parsers: Parsers;
  /** Cross-checks; those with the same options share a worker. */
  crossCheck(options: CrossCheckOptions | undefined): RunCrossCheck;
  /** Decodes all of a file and adds what fails to its evidence. @throws MediaPreflightError `no-engine` */
  decode(source: ByteSource, evidence: Evidence, options: PreflightOptions): Promise<void>;
}

/** `preflight` and `inspect` of one platform. */
export interface Preflight<Input> {
  /**
   * Checks one file against a rule table. Any bytes get a report, whose findings state what is wrong with them.
   * @throws MediaPreflightError if the input cannot be read, an option or the table is invalid, or the signal fires
   */
  preflight(input: Input, options?: PreflightOptions): Promise<Report>;
  /** Reads facts only. @throws MediaPreflightError if the input cannot be read, or the signal fires */
  inspect(input: Input, options?: InspectOptions): Promise<Inspection>;
}

/** `preflight` and `inspect` over a platform's own way of opening inputs. */
export function createPreflight<Input>(platform: Platform<Input>): Preflight<Input> {
  return {
    async preflight(input, options = {}) {
      if (!areKnownOptions(options, preflightOptionNames))
        await rejectOptions("preflight", options, preflightOptionNames);
      const selection =
        options.only || options.skip ? await loadModule(() => import("./select-rules.ts")) : null;
      await selection?.requireKnownRules(options);
      const table = await platform.loadTable(options.rules);
      const read = await readInput(platform, input, { ...options, transport: table.transport });
      const { evidence, file } = read;
      let evaluation = evidence
        ? await evaluateFile(platform, { evidence, name: read.name }, table, options)
        : evaluationWithoutBytes(options);
      if (selection && evidence) evaluation = selection.selectResults(evaluation, evidence, options);
      const report = await buildReport(evaluation, table, {
        file,
        limits: options.limits ?? "documented",
        findings: options.findings ?? "blocking",
        acceptUnsure: options.acceptUnsure ?? false,
        locale: options.locale,
      });
      report.verdict = worstOf([report, ...read.urlFindings]);
      report.findings.unshift(...read.urlFindings);
      return report;
    },
    async inspect(input, options = {}) {
      if (!areKnownOptions(options, inspectOptionNames))
        await rejectOptions("inspect", options, inspectOptionNames);
      const { evidence, file, urlFindings } = await readInput(platform, input, options);
      if (!evidence) {
        const [why] = urlFindings;
        throw new MediaPreflightError("url-refused", why?.message ?? "the URL gives no bytes", {
          hint: why?.hint,
        });
      }
      const { facts, sizes, durations, frameRates, damage, unread, crossCheckNotes } = evidence;
      return { file, facts, readings: { sizes, durations, frameRates }, damage, unread, crossCheckNotes };
    },
  };
}

/** Loaded only for the error text of wrong options. @throws MediaPreflightError `usage` */
async function rejectOptions(...given: Parameters<typeof requireKnownOptions>): Promise<void> {
  (await loadModule(() => import("../validation/options.ts"))).requireKnownOptions(...given);
}

/** Without any bytes the result is unsure: nothing has passed. */
function evaluationWithoutBytes({ type }: PreflightOptions): Evaluation {
  return { verdict: "unsure", type: type ?? null, facts: { ...noFacts }, results: [] };
}

async function evaluateFile<Input>(
  platform: Platform<Input>,
  { evidence, name }: { evidence: Evidence; name: string | null },
  table: Table,
  options: PreflightOptions,
): Promise<Evaluation> {
  const extension = extensionOf(name);
  // For an extension of another format, the list of all formats is loaded to name it.
  const other = extension !== null && !isExtensionOf(extension, evidence);
  const formats = other ? (await platform.parsers.others()).formats : undefined;
  return evaluate(evidence, table, { ...options, name, formats, omitPassed: options.findings !== "all" });
}

function isExtensionOf(extension: string, { format }: Evidence): boolean {
  const rows: Readonly<Record<string, FormatRow>> = readFormats;
  return rows[format ?? ""]?.extensions.includes(extension) === true;
}
