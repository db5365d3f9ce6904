import { MediaPreflightError } from "../errors.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import { blockingFindings, isAccepted } from "../report/blocking.ts";
import { loadMessages } from "../report/messages/locales.ts";
import type { Finding, Report } from "../report/report.ts";
import { fill, text } from "../report/text.ts";
import { fileOfObject, objectAddress } from "./input/object-input.ts";
import type { SubmitFile, SubmitPlatform } from "./input/submit-file.ts";
import type { SubmitHooks, SubmitOptions } from "./options.ts";
import { SubmitError } from "./submit-error.ts";

/** A file that passed. */
export interface CheckedInput {
  file: SubmitFile;
  /** The file's stamp before it was checked. */
  stamp: string | null;
  report: Report;
  /** What a URL's server, or the bucket, states of it; null for anything else. */
  probed: { etag: string | null; bytes: number | null } | null;
  /** SHA-256 of the bytes; null for a URL, an object whose bucket states none, or if nothing needs it. */
  sha256: string | null;
}

/** The options of submit; a check needs no client. */
export type CheckOptions = Omit<SubmitOptions, "atlas"> & Partial<Pick<SubmitOptions, "atlas">> & SubmitHooks;

export type CheckOutcome =
  | { outcome: "passed"; checked: CheckedInput }
  /** The file changed while it was checked. */
  | { outcome: "file-changed" };

/**
 * Checks a file and identifies its content.
 * @param identify whether the hash is needed: there is a ledger
 * @throws SubmitError `refused`
 */
export async function checkInput<Input>(
  platform: SubmitPlatform<Input>,
  input: Input,
  options: CheckOptions,
  identify: boolean,
): Promise<CheckOutcome> {
  const address = options.storage ? objectAddress(input) : null;
  const file =
    options.storage && address !== null
      ? await fileOfObject(address, options.storage, options)
      : await platform.open(input, options);
  const signal = options.signal ?? null;
  const [stamp, probed] = [await file.stamp(), await file.probe(signal)];
  const report = await checkRules(platform, (file.source as Input | undefined) ?? input, file, options);
  options.onReport?.(report);
  requireAccepted(report, options);
  const needed = identify || platform.alwaysHash || options.storage !== undefined;
  const hashed = file.url === null && needed;
  const sha256 = hashed ? await file.sha256(signal) : null;
  if ((await file.stamp()) !== stamp) return { outcome: "file-changed" };
  const now = probed && (await file.probe(signal));
  if (now?.etag !== probed?.etag || now?.bytes !== probed?.bytes) return { outcome: "file-changed" };
  return { outcome: "passed", checked: { file, stamp, report, probed, sha256 } };
}

async function checkRules<Input>(
  platform: SubmitPlatform<Input>,
  input: Input,
  file: SubmitFile,
  options: CheckOptions,
): Promise<Report> {
  const preflightOptions = preflightOptionsOf(options);
  const run = (crossCheck: PreflightOptions["crossCheck"]): Promise<Report> =>
    platform.preflight(input, { ...preflightOptions, crossCheck }, file);
  return withPointerHint(
    options.crossCheck ? await run(options.crossCheck) : await runWithMediaInfo(platform, options.type, run),
    options.locale,
  );
}

/** Cross-checks every video: it takes milliseconds, uploading a wrong one megabytes. */
async function runWithMediaInfo(
  { crossCheckOptional }: Pick<SubmitPlatform<never>, "crossCheckOptional">,
  type: SubmitOptions["type"],
  run: (crossCheck: "auto" | "always") => Promise<Report>,
): Promise<Report> {
  const first = await run(type === "video" ? "always" : "auto");
  const isVideo = type !== "video" && first.type === "video" && first.verdict !== "fail";
  const report = isVideo ? await run("always") : first;
  return !crossCheckOptional || !report.findings.some(isMissingCrossCheck) ? report : run("auto");
}

/** A page may serve no WebAssembly: there the cross-check is required only if the option says so. */
function isMissingCrossCheck({ rule, verdict }: Finding): boolean {
  return rule.endsWith("/cross-check") && verdict === "unsure";
}

/**
 * The options that preflight takes. All others are passed on, so that preflight rejects misspelt ones: every option of
 * submit and push has to be removed here.
 */
function preflightOptionsOf(given: CheckOptions) {
  const { atlas, ...options } = given;
  const { assetName, ledger, account, again, wait, deadline, interval, file, ...others } = options;
  const { onProgress, onNote, recovery, maxRegistrationsPerMinute, ...more } = others;
  const { storage, knownContent, assetList, schedule, onReport, onUploaded, onRegistered, ...preflight } =
    more;
  const { only, skip } = preflight as PreflightOptions;
  // A file for which some rules were not evaluated has not passed.
  if (only || skip)
    throw new MediaPreflightError("usage", "only and skip cannot be used when uploading", {
      hint: "every rule must pass; preflight() takes them",
    });
  return { ...preflight, name: file };
}

/** A Git LFS pointer refers to its object, which is what the user meant to send. */
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
function requireAccepted(report: Report, options: Pick<SubmitOptions, "acceptUnsure">): void {
  if (isAccepted(report, options.acceptUnsure)) return;
  const blocking = blockingFindings(report);
  const first = blocking[0]?.message ?? report.verdict;
  const more = blocking.length > 1 ? `, and ${blocking.length - 1} more` : "";
  throw new SubmitError("refused", `it did not pass, and was not sent: ${first}${more}`, {
    report,
    hint: blocking[0]?.hint ?? undefined,
  });
}
