import type { Asset } from "../atlas/types.ts";
import { isLoopbackHost } from "../bytes/url/loopback.ts";
import { type MediaPreflightError, throwIfAborted } from "../errors.ts";
import { type Format, formats, type Kind } from "../facts/formats.ts";
import { type LedgerEntry, rests } from "../ledger/entry.ts";
import { ClaimLost, type Ledger, type LedgerClaim } from "../ledger/ledger.ts";
import { memoryLedger } from "../ledger/memory.ts";
import type { Report } from "../report/report.ts";
import { failedError } from "./asset-failed.ts";
import { type AssetList, createAssetList } from "./asset-list.ts";
import { type AssetName, assetName } from "./asset-name.ts";
import { type CheckedInput, checkFile, entryKey, randomHash } from "./check-input.ts";
import type { RunOptions, SubmitOptions, SubmitPlatform, SubmittedAsset } from "./options.ts";
import { about, recordAsset, type Source, timestamp } from "./record.ts";
import { findLost, type Registering } from "./recover-registration.ts";
import { register } from "./register.ts";
import { recordedAsset } from "./reuse-asset.ts";
import { SubmitError } from "./submit-error.ts";

/** An upload's address is temporary, for a time that nobody states: past this age it is not registered. */
const freshInMilliseconds = 300_000;
/** How often a file that keeps changing, or an entry that others keep taking, is begun again. */
const mostRounds = 4;

/** What a round came to when it must be begun again. */
type RetryChoice = "changed" | "taken";

/** What one file's run needs all the way. */
interface Work<Input> {
  platform: SubmitPlatform<Input>;
  input: Input;
  options: SubmitOptions & RunOptions & { assetList: AssetList };
  ledger: Ledger;
  /** Whether anything outlasts this call. */
  keeps: boolean;
}

export type Submit<Input> = (input: Input, options: SubmitOptions & RunOptions) => Promise<SubmittedAsset>;

/** The road from bytes to asset, over a platform's own way of reaching files. */
export function createSubmit<Input>(platform: SubmitPlatform<Input>): Submit<Input> {
  return async (input, options) => {
    const assetList = options.assetList ?? createAssetList(options.atlas, options.signal ?? null);
    const ledger = options.ledger ?? memoryLedger();
    const work: Work<Input> = {
      platform,
      input,
      options: { ...options, assetList, allowPrivate: options.allowPrivate ?? isLocal(options.atlas) },
      ledger,
      keeps: options.ledger !== undefined,
    };
    let why: RetryChoice = "changed";
    for (let round = 1; round <= mostRounds; round++) {
      throwIfAborted(options.signal);
      const result = await onceThrough(work);
      if (typeof result !== "string") return result;
      why = result;
    }
    if (why === "changed")
      throw new SubmitError(
        "changed",
        "it kept changing while it was checked and uploaded: nothing was registered",
        {
          hint: "run it again when nothing writes to it any more",
          retryable: true,
        },
      );
    throw new SubmitError("ledger-locked", "other processes kept taking its entry in the ledger", {
      retryable: true,
    });
  };
}

async function onceThrough<Input>(work: Work<Input>): Promise<SubmittedAsset | RetryChoice> {
  const { platform, input, options, keeps } = work;
  const turn = options.turn ?? ((_, act) => act());
  const checked = await turn("check", () => {
    options.onProgress?.({ phase: "check", loaded: 0, total: null });
    return checkFile(platform, input, options, keeps);
  });
  return checked ? await afterGate(work, checked) : "changed";
}

async function afterGate<Input>(
  work: Work<Input>,
  checked: CheckedInput,
): Promise<SubmittedAsset | RetryChoice> {
  const { options, ledger } = work;
  const { file, report, sha256 } = checked;
  const digits = (sha256 ?? randomHash()).slice(0, 10);
  const naming = assetName(options.name, file.name, report.type as Kind, digits);
  const claim = await ledger.claim(entryKey(checked, options), file.name?.replace(/^.*[/\\]/s, "") ?? null, {
    signal: options.signal,
    onWait: options.onNote,
  });
  try {
    return await claimed(work, checked, claim, naming);
  } catch (error) {
    if (error instanceof ClaimLost) return "taken";
    // The client's own word for it: the bytes changed under its hands.
    if ((error as MediaPreflightError).code === "changed" && file.url === null) return "changed";
    throw error;
  } finally {
    await claim.release();
  }
}

async function claimed<Input>(
  work: Work<Input>,
  checked: CheckedInput,
  claim: LedgerClaim,
  naming: AssetName,
): Promise<SubmittedAsset | RetryChoice> {
  const { options, ledger } = work;
  const { atlas, assetList } = options;
  const { report } = checked;
  const registering: Registering = { atlas, claim, ledger, assetList, report, options };
  const { entry } = claim;

  if (entry?.step === "registering") {
    // Taken over first: two who find the same orphan must not both send it again.
    await claim.record(entry);
    const userLooked = options.again?.includes("unknown") ?? false;
    const asset = await findLost(registering, null, { userLooked });
    if (asset) return await untilActive(work, checked, claim, asset, false);
  } else if (entry) {
    const asset = isReusable(entry, checked) ? await recordedAsset(entry, report, assetList, options) : null;
    if (asset) return await untilActive(work, checked, claim, asset, true);
    if (entry.id) {
      const formerIds = [...(entry.formerIds ?? []), entry.id].slice(-64);
      await claim.record({ step: "checked", at: timestamp(), formerIds });
    }
  }

  let source = recordedSource(claim.entry, naming);
  for (let round = 1; round <= mostRounds; round++) {
    if (!source || !isFresh(source)) {
      const made = await upload(work, checked, claim, naming);
      if (made === "changed") return "changed";
      source = made;
    }
    options.onProgress?.({ phase: "register", loaded: 0, total: 1 });
    const asset = await register(registering, source);
    if (asset) {
      options.onProgress?.({ phase: "register", loaded: 1, total: 1 });
      options.onRegistered?.(asset);
      return await untilActive(work, checked, claim, asset, false);
    }
  }
  throw new SubmitError("network", "its registration was lost on the way each time it was sent", {
    report,
    retryable: true,
    hint: "run it again later",
  });
}

/** The address of an upload that was made and not registered, where all of it was written down. */
function recordedSource(entry: LedgerEntry | null, naming: AssetName): Source | null {
  if (entry?.step !== "uploaded" && entry?.step !== "registering") return null;
  const { url, urlSha256, uploadedAt } = entry;
  return url && uploadedAt && !urlSha256 ? { url, uploadedAt, ...naming } : null;
}

/** Uploads the file, and makes sure that it was the one that had been checked. */
async function upload<Input>(
  work: Work<Input>,
  checked: CheckedInput,
  claim: LedgerClaim,
  naming: AssetName,
): Promise<Source | "changed"> {
  const { options } = work;
  const { file, report } = checked;
  if (file.payload === null) return { url: file.url as string, uploadedAt: null, ...naming };
  if (claim.entry?.step !== "checked" || !claim.entry.owner)
    await claim.record({ step: "checked", at: timestamp(), formerIds: claim.entry?.formerIds });
  const payload = file.payload;
  const turn = options.turn ?? ((_, act) => act());
  return await turn("upload", async () => {
    const { url } = await options.atlas.uploadMedia(payload, {
      signal: options.signal,
      onProgress: options.onProgress,
      filename: uploadName(file.name, report),
      contentType: report.facts.mime ?? undefined,
    });
    // What was sent must be what was checked: the same file, untouched, with the same bytes.
    if ((await file.stamp()) !== checked.before) return "changed";
    if (checked.sha256 && (await file.sha256(options.signal ?? null)) !== checked.sha256) return "changed";
    options.onUploaded?.();
    const source = { url, uploadedAt: timestamp(), ...naming };
    // Not waited for: it is on disk with the intent to register, at the latest.
    claim.record({ ...about(claim.entry, source), step: "uploaded", at: timestamp() }).catch(() => {});
    return source;
  });
}

async function untilActive<Input>(
  work: Work<Input>,
  checked: CheckedInput,
  claim: LedgerClaim,
  asset: Asset,
  reused: boolean,
): Promise<SubmittedAsset> {
  const { options } = work;
  const { report } = checked;
  let now = asset;
  if (now.status === "processing" && options.wait !== false) {
    try {
      const { signal, onProgress, deadline, interval } = options;
      now = await options.atlas.waitUntilActive(asset.id, { signal, onProgress, deadline, interval });
    } catch (error) {
      if ((error as MediaPreflightError).code !== "asset-failed") throw error;
      now = await options.atlas.getAsset(asset.id, { signal: options.signal });
      if (now.status !== "failed") throw error;
    }
  }
  if (now.status === "failed") {
    if (claim.entry?.step !== "failed") await recordAsset(claim, now, "failed");
    throw await failedError(now, report);
  }
  const step = now.status === "active" ? "active" : "registered";
  if (claim.entry?.step !== step) await recordAsset(claim, now, step);
  return { ...now, report, reused };
}

/** What a rested entry may stand for: bytes by their hash; an address only with a strong ETag. */
function isReusable(entry: LedgerEntry, { probed }: CheckedInput): boolean {
  if (entry.step === "registered" || entry.step === "active" || entry.step === "failed")
    return probed === null || probed.etag !== null || !rests(entry);
  return false;
}

/** An address that the user gave is as good as ever. */
function isFresh({ uploadedAt }: Source): boolean {
  if (uploadedAt === null) return true;
  const age = Date.now() - Date.parse(uploadedAt);
  return age >= 0 && age < freshInMilliseconds;
}

/** A service on this machine may be given addresses on this machine. */
function isLocal({ consoleBaseUrl }: { consoleBaseUrl: string }): boolean {
  return URL.canParse(consoleBaseUrl) && isLoopbackHost(new URL(consoleBaseUrl).hostname);
}

/** Base name and an extension that fits the bytes: an extensionless or wrong one yields a useless address. */
function uploadName(name: string | null, report: Report): string {
  const base = (name ?? "").replace(/^.*[/\\]/s, "").replace(/(?<=.)\.[^.]*$/s, "");
  const extension = formats[report.facts.format as Format]?.extensions[0] ?? "bin";
  return `${base || report.type}.${extension}`;
}
