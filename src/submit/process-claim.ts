import type { Asset } from "../atlas/types.ts";
import { type Format, formats } from "../facts/formats.ts";
import type { Report } from "../report/report.ts";
import type { AssetName } from "./asset-name.ts";
import { settleLate } from "./late-registration.ts";
import type { RunOptions, SubmitFile, SubmitOptions } from "./options.ts";
import { type Source, sourceFields } from "./record.ts";
import { findLost } from "./recover-registration.ts";
import { register } from "./register.ts";
import type { LateRegistration, Registration } from "./registration.ts";
import { recordedAsset } from "./reuse-asset.ts";
import { SubmitError } from "./submit-error.ts";
import { waitUntilActive } from "./wait-active.ts";

/** An upload's URL is temporary, for a time that nobody states: an older one is not registered. */
const freshInMilliseconds = 300_000;
/** How often a file is uploaded again because its registration was proved not to have taken effect. */
const maxUploads = 4;

/** A checked file whose entry is claimed. */
export interface ClaimedFile {
  registration: Registration;
  naming: AssetName;
  options: SubmitOptions & RunOptions;
  /** Whether an earlier asset of this content may be used: not for a URL without a strong ETag. */
  reusable: boolean;
  /** How the bytes get to the service. */
  upload: UploadSource;
}

/** Bytes to upload, or a URL that the user gave. */
export type UploadSource =
  | { kind: "file"; file: SubmitFile; stamp: string | null; sha256: string | null }
  | { kind: "url"; url: string };

export type ClaimOutcome =
  | { outcome: "submitted"; asset: Asset; report: Report; reused: boolean }
  | { outcome: "file-changed" }
  | { outcome: "lease-lost"; late: LateRegistration | null };

/** From the claimed entry to the asset: continues where the entry says that an earlier run stopped. */
export async function processClaim(work: ClaimedFile): Promise<ClaimOutcome> {
  const existing = await existingAsset(work);
  if (existing) return submitted(work, existing.asset, existing.reused);
  let source = recordedUpload(work);
  if (!source) await recordChecked(work);
  for (let uploads = 1; uploads <= maxUploads; uploads++) {
    if (!source) {
      const made = await makeSource(work);
      if (made.outcome === "file-changed") return made;
      source = made.source;
    }
    work.options.onProgress?.({ phase: "register", loaded: 0, total: 1 });
    const registered = await register(work.registration, source);
    if (registered.outcome === "late") return { outcome: "lease-lost", late: registered.late };
    if (registered.outcome === "registered") {
      work.options.onProgress?.({ phase: "register", loaded: 1, total: 1 });
      work.options.onRegistered?.(registered.asset);
      return submitted(work, registered.asset, false);
    }
    source = recordedUpload(work);
  }
  throw new SubmitError("network", "its registration was lost on the way each time it was sent", {
    report: work.registration.report,
    retryable: true,
    hint: "run it again later",
  });
}

/** The asset that the entry has, or that a registration without an answer made. */
async function existingAsset(work: ClaimedFile): Promise<{ asset: Asset; reused: boolean } | null> {
  const { registration, options } = work;
  const { claim } = registration;
  if (registration.late.length > 0) {
    const adopted = await settleLate(registration);
    if (adopted) return { asset: adopted, reused: false };
  }
  const { entry } = claim;
  if (entry?.step === "registering") {
    // Made this claim's own first: of two that find it, only one may go on.
    await claim.amend({});
    const userLooked = options.again?.includes("unknown") ?? false;
    const asset = await findLost(registration, { userLooked });
    return asset ? { asset, reused: false } : null;
  }
  const finished = entry?.step === "registered" || entry?.step === "active" || entry?.step === "failed";
  const reusable = work.reusable || (claim.interrupted && entry?.step === "registered");
  if (!finished || !reusable) return null;
  const recorded = await recordedAsset(registration, options.again ?? []);
  return recorded.outcome === "use" ? { asset: recorded.asset, reused: true } : null;
}

async function submitted(
  { registration, options }: ClaimedFile,
  registered: Asset,
  reused: boolean,
): Promise<ClaimOutcome> {
  const asset = await waitUntilActive(registration, registered, options);
  return { outcome: "submitted", asset, report: registration.report, reused };
}

/** An upload that this machine made and did not register, if all of its URL was recorded and it is recent. */
function recordedUpload({ registration: { claim }, naming }: ClaimedFile): Source | null {
  const { entry } = claim;
  if (entry?.step !== "uploaded" && entry?.step !== "registering") return null;
  const { url, urlSha256, uploadedAt } = entry;
  const age = claim.since("uploadedAt");
  if (!url || !uploadedAt || urlSha256 || age === null || age >= freshInMilliseconds) return null;
  return { url, uploadedAt, ...naming };
}

/** Makes the entry this claim's own before anything is sent; an earlier asset's id is kept as a former one. */
async function recordChecked({ registration: { claim, check }, upload }: ClaimedFile): Promise<void> {
  const { entry } = claim;
  if (upload.kind !== "file" && entry?.id === undefined) return;
  const former =
    entry?.id === undefined ? entry?.formerIds : [...(entry.formerIds ?? []), entry.id].slice(-64);
  await claim.record({ step: "checked", ...check, formerIds: former });
}

async function makeSource(
  work: ClaimedFile,
): Promise<{ outcome: "ready"; source: Source } | { outcome: "file-changed" }> {
  const { upload, naming } = work;
  if (upload.kind === "file") return uploadFile(work, upload);
  return { outcome: "ready", source: { url: upload.url, uploadedAt: null, ...naming } };
}

/** Uploads the file, and makes sure that what was sent is what was checked. */
async function uploadFile(
  { registration, options, naming }: ClaimedFile,
  { file, stamp, sha256 }: UploadSource & { kind: "file" },
): Promise<{ outcome: "ready"; source: Source } | { outcome: "file-changed" }> {
  const { claim, check, report } = registration;
  const send = (payload: NonNullable<SubmitFile["payload"]>, sent: Report) =>
    options.atlas.uploadMedia(payload, {
      signal: options.signal,
      onProgress: options.onProgress,
      filename: uploadName(file.name, sent),
      contentType: sent.facts.mime ?? undefined,
    });
  const sendMade = () =>
    file.withPayload
      ? file.withPayload(options.signal ?? null, (made) => send(made.payload, made.report ?? report))
      : send(file.payload as NonNullable<SubmitFile["payload"]>, report);
  const turn = options.turn ?? ((_, task) => task());
  return await turn("upload", async () => {
    const { url } = await sendMade();
    if ((await file.stamp()) !== stamp) return { outcome: "file-changed" };
    if (sha256 && (await file.sha256(options.signal ?? null)) !== sha256) return { outcome: "file-changed" };
    options.onUploaded?.();
    const source = { url, uploadedAt: claim.now(), ...naming };
    // Not awaited: the ledger writes it before the intention to register, which is.
    claim.record({ ...sourceFields(claim.entry, source, check), step: "uploaded" }).catch(() => {});
    return { outcome: "ready", source };
  });
}

/** Base name and an extension that fits the bytes: with none, or a wrong one, the service makes a useless URL. */
function uploadName(name: string | null, report: Report): string {
  const base = (name ?? "").replace(/^.*[/\\]/s, "").replace(/(?<=.)\.[^.]*$/s, "");
  const extension = formats[report.facts.format as Format]?.extensions[0] ?? "bin";
  return `${base || report.type}.${extension}`;
}
