import { MediaPreflightError } from "../errors.ts";
import type { Kind } from "../facts/formats.ts";
import { blockingFindings } from "../report/blocking.ts";
import type { Messages } from "../report/messages/en.ts";
import { loadMessages } from "../report/messages/locales.ts";
import { makeFinding } from "../report/render.ts";
import type { Finding, Report, Verdict } from "../report/report.ts";
import { secondsOf as secondsOfReport, setFindings } from "../report/set.ts";
import { fill, text } from "../report/text.ts";
import type { Table } from "../rules/schema.ts";
import type { Seconds } from "../rules/sets.ts";
import { worstOf } from "../rules/verdict.ts";
import { classifyInput } from "./inputs/classify-input.ts";
import type { Preflight, PreflightOptions } from "./preflight.ts";

/** A registered asset. Its duration in seconds is not fetched from the service: give it if it is known. */
export interface AssetReference {
  uri: string;
  duration?: number | undefined;
}

/** One reference: anything that preflight takes, a report of it, or an asset ("asset://…" or with its duration). */
export type Reference<Input> = Input | Report | AssetReference;

/** The references of one generation request. */
export interface ReferenceRequest<Input> {
  /** Names the rule table: seedance-2.0, -fast, -mini, seedance-2.5, with anything before and after. */
  model: string;
  images?: readonly Reference<Input>[] | undefined;
  videos?: readonly Reference<Input>[] | undefined;
  audios?: readonly Reference<Input>[] | undefined;
  firstFrame?: Reference<Input> | undefined;
  lastFrame?: Reference<Input> | undefined;
}

/** The result of one reference; `report` is null for an asset, which the service has already checked. */
export interface CheckedReference {
  role: "image" | "video" | "audio" | "first-frame" | "last-frame";
  /** From 1 within its role. */
  index: number;
  uri: string | null;
  report: Report | null;
}

/** The report on a request: the rules on all references together, and the result of each. */
export interface ReferencesReport {
  schemaVersion: 1;
  model: string;
  /** The rule table's id. */
  rules: string;
  limits: "documented" | "observed";
  /** The worst of all. */
  verdict: Verdict;
  /** `set/…` first, then the blocking findings of single references, which the message names. */
  findings: Finding[];
  references: CheckedReference[];
}

/** `preflightReferences` of one platform. */
export type PreflightReferences<Input> = (
  request: ReferenceRequest<Input>,
  options?: PreflightOptions,
) => Promise<ReferencesReport>;

/** The rule table for a model; null for an unknown one. */
export function tableOfModel(model: string): string | null {
  const version = /seedance[-_ ]?v?2(?:[._-](\d))?(?!\d)/i.exec(model);
  if (!version) return null;
  const known: Readonly<Record<string, string>> = { "0": "atlas-seedance-2.0", "5": "atlas-seedance-2.5" };
  return known[version[1] ?? "0"] ?? null;
}

/** Checks the references of a request before it is billed, over a platform's own preflight. */
export function createPreflightReferences<Input>(platform: {
  preflight: Preflight<Input>["preflight"];
  loadTable(rules: string | object | undefined): Table | Promise<Table>;
}): PreflightReferences<Input> {
  return async (request, options = {}) => {
    const named = tableOfModel(request.model);
    const rules = options.rules ?? named ?? undefined;
    const table = await platform.loadTable(rules);
    const messages = await loadMessages(options.locale);
    const checked = await mapInBatches(membersOf(request), async ({ role, kind, index, input }) => ({
      role,
      index,
      ...(await checkReference(platform.preflight, input, {
        ...options,
        rules,
        type: kind,
        name: undefined,
      })),
    }));
    const secondsOf = (role: CheckedReference["role"]): Seconds[] =>
      checked.filter((one) => one.role === role).map(({ seconds }) => seconds);
    const set = table.sets?.["reference-to-video"];
    const limits = options.limits ?? "documented";
    const ofSet =
      set && (named !== null || options.rules !== undefined)
        ? await setFindings(
            set,
            {
              images: secondsOf("image").length,
              videos: secondsOf("video"),
              audios: secondsOf("audio"),
              firstFrame: request.firstFrame !== undefined,
              lastFrame: request.lastFrame !== undefined,
            },
            { limits, strict: options.strict, locale: messages },
          )
        : [unknownModel(request.model, messages)];
    const references = checked.map(
      ({ role, index, uri, report }): CheckedReference => ({ role, index, uri, report }),
    );
    const reports = references.flatMap(({ report }) => report ?? []);
    return {
      schemaVersion: 1,
      model: request.model,
      rules: table.id,
      limits,
      verdict: worstOf([...ofSet, ...reports]),
      findings: [...ofSet, ...references.flatMap((one) => namedFindings(one, messages))],
      references,
    };
  };
}

const batchSize = 4;

/** One reference of a request. */
interface Member<Input> {
  role: CheckedReference["role"];
  kind: Kind;
  index: number;
  input: Reference<Input>;
}

function membersOf<Input>(request: ReferenceRequest<Input>): Member<Input>[] {
  const { images = [], videos = [], audios = [], firstFrame, lastFrame } = request;
  const of = (role: Kind, inputs: readonly Reference<Input>[]): Member<Input>[] =>
    inputs.map((input, i) => ({ role, kind: role, index: i + 1, input }));
  const frame = (role: "first-frame" | "last-frame", input: Reference<Input> | undefined): Member<Input>[] =>
    input === undefined ? [] : [{ role, kind: "image", index: 1, input }];
  return [
    ...of("image", images),
    ...of("video", videos),
    ...of("audio", audios),
    ...frame("first-frame", firstFrame),
    ...frame("last-frame", lastFrame),
  ];
}

/** What a reference contributes. */
interface MemberResult {
  uri: string | null;
  report: Report | null;
  seconds: Seconds;
}

async function checkReference<Input>(
  preflight: Preflight<Input>["preflight"],
  input: Reference<Input>,
  options: PreflightOptions,
): Promise<MemberResult> {
  if (typeof input === "string" && classifyInput(input).kind === "asset")
    return checkReference(preflight, { uri: input }, options);
  if (isAsset(input)) {
    if (!/^asset:\/\/./i.test(input.uri))
      throw new MediaPreflightError("usage", "a reference's uri is no asset:// address", {
        hint: "give an asset's uri, or the file itself",
      });
    return { uri: input.uri, report: null, seconds: input.duration ?? null };
  }
  if (isReport(input)) return { uri: null, report: input, seconds: secondsOfReport(input) };
  // All findings: the readings of a duration that passes count in the sum, too.
  const data = typeof input === "string" && /^data:image\//i.test(input);
  const bytes = data ? ((await (await fetch(input)).blob()) as Input) : input;
  const full = await preflight(bytes, { ...options, findings: "all" });
  const findings = full.findings.filter(({ verdict }) => options.findings === "all" || verdict !== "pass");
  return { uri: null, report: { ...full, findings }, seconds: secondsOfReport(full) };
}

function isReport(input: unknown): input is Report {
  const { schemaVersion, facts, findings } = (input ?? {}) as Partial<Report>;
  return schemaVersion === 1 && facts !== undefined && Array.isArray(findings);
}

function isAsset(input: unknown): input is AssetReference {
  return typeof (input as Partial<AssetReference> | null)?.uri === "string";
}

/** The blocking findings of one reference, whose messages name the reference. */
function namedFindings({ role, index, report }: CheckedReference, messages: Messages): Finding[] {
  return blockingFindings(report ?? { findings: [] }).map((finding) => {
    const values = { role: text(role), index, text: finding.text.message };
    const message = text(role.endsWith("frame") ? "set.frame" : "set.member", values);
    return { ...finding, message: fill(message, messages), text: { ...finding.text, message } };
  });
}

function unknownModel(model: string, messages: Messages): Finding {
  return makeFinding(
    {
      rule: "set/model",
      verdict: "unsure",
      reason: "unread",
      actual: model,
      limit: null,
      unit: null,
      readings: [],
    },
    { message: text("set.model", { model }), hint: text("hint.model") },
    messages,
  );
}

/** A few at a time: a request has up to 50 references. */
async function mapInBatches<A, B>(all: readonly A[], check: (one: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (let at = 0; at < all.length; at += batchSize)
    results.push(...(await Promise.all(all.slice(at, at + batchSize).map(check))));
  return results;
}
