import { sha256OfText } from "../bytes/sha256.ts";
import { MediaPreflightError } from "../errors.ts";
import type { Kind } from "../facts/formats.ts";
import type { LedgerKey } from "../ledger/entry.ts";
import { urlSubject } from "../ledger/url-subject.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import { blockingFindings, isAccepted } from "../report/blocking.ts";
import { loadMessages } from "../report/messages/locales.ts";
import type { Finding, Report } from "../report/report.ts";
import { fill, text } from "../report/text.ts";
import type { RunOptions, SubmitFile, SubmitOptions, SubmitPlatform } from "./options.ts";
import { SubmitError } from "./submit-error.ts";

/** A file that passed. */
export interface CheckedInput {
  file: SubmitFile;
  /** The file's stamp before it was checked. */
  stamp: string | null;
  report: Report;
  /** What a URL's server says of it; null for anything else. */
  probed: { etag: string | null; bytes: number | null } | null;
  /** SHA-256 of the bytes; null for a URL, or if nothing needs it. */
  sha256: string | null;
}

export type CheckOutcome =
  | { outcome: "passed"; checked: CheckedInput }
  /** The file changed while it was checked. */
  | { outcome: "file-changed" };

/**
 * Judges a file and identifies its content.
 * @param identify whether the hash is needed: a ledger is kept
 * @throws SubmitError `refused`
 */
export async function checkInput<Input>(
  platform: SubmitPlatform<Input>,
  input: Input,
  options: SubmitOptions & RunOptions,
  identify: boolean,
): Promise<CheckOutcome> {
  const signal = options.signal ?? null;
  const file = await platform.open(input, options);
  const [stamp, probed] = [await file.stamp(), await file.probe(signal)];
  const report = await judge(platform, input, options);
  options.onReport?.(report);
  requireAccepted(report, options);
  const hashed = file.url === null && (identify || platform.alwaysHash);
  const sha256 = hashed ? await file.sha256(signal) : null;
  if ((await file.stamp()) !== stamp) return { outcome: "file-changed" };
  const now = probed && (await file.probe(signal));
  if (now?.etag !== probed?.etag || now?.bytes !== probed?.bytes) return { outcome: "file-changed" };
  return { outcome: "passed", checked: { file, stamp, report, probed, sha256 } };
}

async function judge<Input>(
  platform: SubmitPlatform<Input>,
  input: Input,
  options: SubmitOptions & RunOptions,
): Promise<Report> {
  const preflightOptions = preflightOptionsOf(options);
  const run = (crossCheck: PreflightOptions["crossCheck"]): Promise<Report> =>
    platform.preflight(input, { ...preflightOptions, crossCheck });
  return withPointerHint(
    options.crossCheck ? await run(options.crossCheck) : await runWithMediaInfo(platform, options.type, run),
    options.locale,
  );
}

/** A video costs megabytes to upload and milliseconds to cross-check: MediaInfo is asked about each. */
async function runWithMediaInfo(
  { crossCheckOptional }: Pick<SubmitPlatform<never>, "crossCheckOptional">,
  type: SubmitOptions["type"],
  run: (crossCheck: "auto" | "always") => Promise<Report>,
): Promise<Report> {
  const first = await run(type === "video" ? "always" : "auto");
  const ask = type !== "video" && first.type === "video" && first.verdict !== "fail";
  const report = ask ? await run("always") : first;
  return !crossCheckOptional || !report.findings.some(isMissingCrossCheck) ? report : run("auto");
}

/** A page may serve no WebAssembly: there the cross-check is required only if the caller says so. */
function isMissingCrossCheck({ rule, verdict }: Finding): boolean {
  return rule.endsWith("/cross-check") && verdict === "unsure";
}

/** What of the options is the check's own. */
function preflightOptionsOf(options: SubmitOptions & RunOptions) {
  const { atlas, assetName, ledger, account, again, wait, deadline, interval, file, ...others } = options;
  const { onProgress, onNote, recovery, maxRegistrationsPerMinute, ...more } = others;
  const { assetList, turn, onReport, onUploaded, onRegistered, ...preflight } = more;
  const { only, skip } = preflight as PreflightOptions;
  // A file of which some rules were not judged has not passed.
  if (only || skip)
    throw new MediaPreflightError("usage", "only and skip cannot be used when uploading", {
      hint: "every rule must pass; preflight() takes them",
    });
  return { ...preflight, name: file };
}

/** A Git LFS pointer stands for its object, which is what the user meant to send. */
async function withPointerHint(report: Report, locale: SubmitOptions["locale"]): Promise<Report> {
  if (report.facts.format !== "git-lfs-pointer") return report;
  const hint = text("lfs.sent.hint");
  const words = fill(hint, await loadMessages(locale));
  const findings = report.findings.map((f) =>
    f.rule.endsWith("/format") ? { ...f, hint: words, text: { ...f.text, hint } } : f,
  );
  return { ...report, findings };
}

/** @throws SubmitError `refused` */
function requireAccepted(report: Report, options: SubmitOptions): void {
  if (isAccepted(report, options.acceptUnsure)) return;
  const blocking = blockingFindings(report);
  const first = blocking[0]?.message ?? report.verdict;
  const more = blocking.length > 1 ? `, and ${blocking.length - 1} more` : "";
  throw new SubmitError("refused", `it did not pass, and was not sent: ${first}${more}`, {
    report,
    hint: blocking[0]?.hint ?? undefined,
  });
}

/** The ledger's key of what was checked. */
export function entryKey(
  { file, report, probed, sha256 }: Pick<CheckedInput, "file" | "report" | "probed" | "sha256">,
  options: Pick<SubmitOptions, "atlas" | "account">,
): LedgerKey {
  const shared = accountKey(report.type as Kind, options);
  if (file.url !== null) return { ...urlSubject(file.url, probed ?? { etag: null, bytes: null }), ...shared };
  return { sha256: sha256 ?? randomHash(), ...shared };
}

/** The part of a ledger key that does not depend on the content. */
export function accountKey(
  type: Kind,
  { atlas, account }: Pick<SubmitOptions, "atlas" | "account">,
): Pick<LedgerKey, "type" | "origin" | "account"> {
  return { type, origin: originOf(atlas.consoleBaseUrl), account: account ?? "default" };
}

/**
 * The hash that a generated name carries: that of the bytes, or of what identifies a URL's content. A URL without a
 * strong ETag identifies nothing: its hash is random, so that no earlier asset is taken for the present one.
 */
export function nameHashOf(key: LedgerKey): string {
  if ("sha256" in key) return key.sha256;
  const { sourceUrl, querySha256, etag, bytes } = key;
  return etag === null ? randomHash() : sha256OfText(JSON.stringify([sourceUrl, querySha256, etag, bytes]));
}

function originOf(base: string): string {
  return URL.canParse(base) ? new URL(base).origin : base.replace(/[?#].*/s, "");
}

/** In place of a hash, if nothing needs it. */
function randomHash(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
