import type { Kind } from "../facts/formats.ts";
import type { LedgerKey } from "../ledger/entry.ts";
import { blockingFindings, isAccepted } from "../report/blocking.ts";
import { loadMessages } from "../report/messages/locales.ts";
import type { Report } from "../report/report.ts";
import { fill, text } from "../report/text.ts";
import type { RunOptions, SubmitFile, SubmitOptions, SubmitPlatform } from "./options.ts";
import { SubmitError } from "./submit-error.ts";

/**
 * Judges a file and takes its fingerprint. Null: it changed meanwhile.
 * @throws SubmitError `refused`
 */
export async function checkFile<Input>(
  platform: SubmitPlatform<Input>,
  input: Input,
  options: SubmitOptions & RunOptions,
  keeps: boolean,
): Promise<CheckedInput | null> {
  const signal = options.signal ?? null;
  const file = await platform.open(input, options);
  const [before, probed] = [await file.stamp(), await file.probe(signal)];
  const report = await judged(platform, input, options);
  options.onReport?.(report);
  openGate(report, options);
  const hashed = file.url === null && (keeps || platform.alwaysHash);
  const sha256 = hashed ? await file.sha256(signal) : null;
  if ((await file.stamp()) !== before) return null;
  const now = probed && (await file.probe(signal));
  if (now?.etag !== probed?.etag || now?.bytes !== probed?.bytes) return null;
  return { file, before, report, probed, sha256 };
}

/** A file that passed. */
export interface CheckedInput {
  file: SubmitFile;
  before: string | null;
  report: Report;
  /** Of an address. */
  probed: { etag: string | null; bytes: number | null } | null;
  /** Of bytes; null where nothing asks for it. */
  sha256: string | null;
}

async function judged<Input>(
  platform: SubmitPlatform<Input>,
  input: Input,
  options: SubmitOptions & RunOptions,
): Promise<Report> {
  const {
    atlas,
    name,
    ledger,
    account,
    again,
    wait,
    deadline,
    interval,
    onProgress,
    onNote,
    looks,
    file,
    ...rest
  } = options;
  const { assetList, turn, onReport, onUploaded, onRegistered, crossCheck, ...how } = rest;
  const named = { ...how, name: file };
  // A video costs megabytes to send and milliseconds to ask about: MediaInfo is asked about each.
  const first = crossCheck ?? (options.type === "video" ? "always" : "auto");
  const report = await platform.preflight(input, { ...named, crossCheck: first });
  const more =
    crossCheck === undefined && first === "auto" && report.type === "video" && report.verdict !== "fail";
  return withPointerHint(
    more ? await platform.preflight(input, { ...named, crossCheck: "always" }) : report,
    options.locale,
  );
}

/** A Git LFS pointer stands for its object, which is what somebody meant to send. */
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
function openGate(report: Report, options: SubmitOptions): void {
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
  { atlas, account }: Pick<SubmitOptions, "atlas" | "account">,
): LedgerKey {
  const shared = {
    type: report.type as Kind,
    origin: originOf(atlas.consoleBaseUrl),
    account: account ?? "default",
  };
  if (file.url !== null) {
    const { origin, pathname } = new URL(file.url);
    return {
      sourceUrl: origin + pathname,
      etag: probed?.etag ?? null,
      bytes: probed?.bytes ?? null,
      ...shared,
    };
  }
  return { sha256: sha256 ?? randomHash(), ...shared };
}

function originOf(base: string): string {
  return URL.canParse(base) ? new URL(base).origin : base.replace(/[?#].*/s, "");
}

/** Stands for a hash where nothing asks for one. */
export function randomHash(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
