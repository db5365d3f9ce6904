import type { ByteSource } from "../bytes/source.ts";
import { MediaPreflightError } from "../errors.ts";
import type { Budgets } from "../facts/budget.ts";
import { type CrossCheckPolicy, needsCrossCheck, type RunCrossCheck } from "../facts/cross-check/policy.ts";
import {
  type Damage,
  type Evidence,
  type Facts,
  noFacts,
  type Reading,
  type SizeReading,
  type Unread,
} from "../facts/evidence.ts";
import type { Kind } from "../facts/formats.ts";
import type { Parsers } from "../facts/parsers.ts";
import { readWith } from "../facts/read.ts";
import { type FormatRow, readFormats } from "../facts/read-formats.ts";
import { buildReport } from "../report/build.ts";
import type { Messages } from "../report/messages/en.ts";
import { type Locale, loadMessages } from "../report/messages/locales.ts";
import type { Finding, Report } from "../report/report.ts";
import { type Evaluation, evaluate } from "../rules/evaluate.ts";
import { extensionOf } from "../rules/extension.ts";
import type { Table } from "../rules/schema.ts";
import { worst } from "../rules/verdict.ts";

/** How facts are read. */
export interface InspectOptions {
  /** Default "auto". */
  crossCheck?: CrossCheckPolicy | undefined;
  /** Where cross-check library are found: worker and WebAssembly addresses. */
  crossCheckOptions?: object | undefined;
  /** The work one file may cost. */
  budgets?: Partial<Budgets> | undefined;
  signal?: AbortSignal | null | undefined;
  /** The name to report and to take an extension from; default: the input's own. */
  name?: string | null | undefined;
  /**
   * Fetch private and loopback addresses too: for tests, and for a service on this machine. As a function it is
   * asked of each hop.
   */
  allowPrivate?: boolean | ((url: URL) => boolean) | undefined;
}

/** How a file is judged. */
export interface PreflightOptions extends InspectOptions {
  /** What the file is to be used as; default: what its bytes are. */
  type?: Kind | undefined;
  /** A built-in table's id, a table as an object; in Node also a path. Default "atlas-seedance-2.0". */
  rules?: string | object | undefined;
  /** "observed" judges by what upstream was seen to accept, where a table knows. Default "documented". */
  limits?: "documented" | "observed" | undefined;
  /** No observation settles a disagreement between readings. */
  strict?: boolean | undefined;
  /** Marks `unsure` findings of reason `reading` as accepted: all, or those of these rule ids. */
  acceptUnsure?: boolean | readonly string[] | undefined;
  /** "all" reports the rules that passed, too. Default "blocking": those that did not, and notes. */
  findings?: "all" | "blocking" | undefined;
  /** The language of messages; findings can be said again in another by `describeFinding`. */
  locale?: Locale | Messages | undefined;
}

/** All that was read of a file, before any rule. */
export interface Inspection {
  file: string | null;
  facts: Facts;
  readings: { sizes: SizeReading[]; durations: Reading<number>[]; frameRates: Reading<number>[] };
  damage: Damage[];
  unread: Unread[];
  crossCheckNotes: Evidence["crossCheckNotes"];
}

/** An input's bytes, or the findings that say why an address gives none. */
export interface OpenedInput {
  source: ByteSource | null;
  /** What the report calls it: the address without its query, which may be a secret. */
  shown: string;
  /** Findings that only an address has. */
  findings: Finding[];
}

/** What differs between Node and browsers. */
export interface Platform<Input> {
  /** @throws MediaPreflightError where there is nothing to read */
  open(input: Input, options: PreflightOptions): ByteSource | OpenedInput | Promise<ByteSource | OpenedInput>;
  loadTable(rules: string | object | undefined): Table | Promise<Table>;
  readers: Parsers;
  /** Second opinions; those of the same `crossCheckOptions` share a worker. */
  crossCheck(options: object | undefined): RunCrossCheck;
}

/** The two questions one can ask of a file. */
export interface Preflight<Input> {
  /**
   * Judges one file. Any bytes get a report; what is wrong with them is in its findings.
   * @throws MediaPreflightError where the input cannot be read, an option or the table is bad, or the signal fires
   */
  preflight(input: Input, options?: PreflightOptions): Promise<Report>;
  /** Facts only. @throws MediaPreflightError where the input cannot be read, or the signal fires */
  inspect(input: Input, options?: InspectOptions): Promise<Inspection>;
}

/** Whether an extension is the format's own; of another one, it takes the list of all to say what it promises. */
function fits(extension: string, { format }: Evidence): boolean {
  const rows: Readonly<Record<string, FormatRow>> = readFormats;
  return rows[format ?? ""]?.extensions.includes(extension) === true;
}

/** A misspelt word would be taken for the default, or for a kind that no file is. */
function oneOf(option: string, value: string | null | undefined, words: readonly string[]): void {
  if (value === undefined || value === null || words.includes(value)) return;
  throw new MediaPreflightError("usage", `${option} is one of ${words.join(", ")}`);
}

/** The pipeline from bytes to report, over a platform's own way of opening things. */
export function createPreflight<Input>(platform: Platform<Input>): Preflight<Input> {
  const gather = async (
    input: Input,
    options: PreflightOptions,
  ): Promise<{
    evidence: Evidence | null;
    name: string | null;
    file: string | null;
    ofAddress: Finding[];
  }> => {
    const opening = platform.open(input, options);
    const opened = opening instanceof Promise ? await opening : opening;
    const address = "findings" in opened ? opened : { source: opened, shown: null, findings: [] };
    const { source, shown, findings: ofAddress } = address;
    const own = options.name === undefined;
    const name = own ? (source?.name ?? null) : (options.name ?? null);
    const file = own ? (shown ?? name) : name;
    if (!source) return { evidence: null, name, file, ofAddress };
    try {
      const evidence = await readWith(platform.readers, source, options);
      const crossCheck = options.crossCheck ?? "auto";
      if (needsCrossCheck(evidence, crossCheck))
        await platform.crossCheck(options.crossCheckOptions)(source, evidence, {
          crossCheck,
          signal: options.signal,
        });
      return { evidence, name, file, ofAddress };
    } finally {
      const closed = source.close?.();
      if (closed) await closed;
    }
  };
  return {
    async preflight(input, options = {}) {
      oneOf("type", options.type, ["image", "video", "audio"]);
      oneOf("limits", options.limits, ["documented", "observed"]);
      oneOf("crossCheck", options.crossCheck, ["auto", "always", "never"]);
      const loading = platform.loadTable(options.rules);
      const table = loading instanceof Promise ? await loading : loading;
      const saying = loadMessages(options.locale);
      const messages = saying instanceof Promise ? await saying : saying;
      const { evidence, name, file, ofAddress } = await gather(input, options);
      const { strict } = options;
      const type = options.type ?? null;
      const limits = options.limits ?? "documented";
      const findings = options.findings ?? "blocking";
      let judged: Evaluation = { verdict: "unsure", type, facts: { ...noFacts }, results: [] };
      // Where nothing was read, nothing passes.
      if (evidence) {
        const said = extensionOf(name);
        const known = said === null || fits(said, evidence);
        const formats = known ? undefined : (await platform.readers.others()).formats;
        judged = evaluate(evidence, table, {
          type,
          limits,
          strict,
          name,
          formats,
          brief: findings !== "all",
        });
      }
      const report = buildReport(judged, table, {
        file,
        limits,
        findings,
        acceptUnsure: options.acceptUnsure ?? false,
        messages,
      });
      report.verdict = worst([report.verdict, ...ofAddress.map(({ verdict }) => verdict)]);
      report.findings.unshift(...ofAddress);
      return report;
    },
    async inspect(input, options = {}) {
      const { evidence, file, ofAddress } = await gather(input, options);
      if (!evidence) {
        const [why] = ofAddress;
        throw new MediaPreflightError("url-refused", why?.message ?? "the address gives no bytes", {
          hint: why?.hint ?? undefined,
        });
      }
      const { facts, sizes, durations, frameRates, damage, unread, crossCheckNotes } = evidence;
      return { file, facts, readings: { sizes, durations, frameRates }, damage, unread, crossCheckNotes };
    },
  };
}
