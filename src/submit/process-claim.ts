import { withoutSignatures } from "../atlas/assets/without-signatures.ts";
import type { Asset } from "../atlas/types.ts";
import type { Report } from "../report/report.ts";
import type { AssetName } from "./asset/asset-name.ts";
import { recordedAsset } from "./asset/recorded-asset.ts";
import { waitUntilActive } from "./asset/wait-active.ts";
import type { BucketObject, SubmitFile } from "./input/submit-file.ts";
import type { SubmitHooks, SubmitOptions } from "./options.ts";
import { findLostRegistration } from "./registration/find-lost-registration.ts";
import { resolveLateRegistrations } from "./registration/late-registration.ts";
import type { UrlToRegister } from "./registration/ledger-fields.ts";
import { register } from "./registration/register.ts";
import type { LateRegistration, RegistrationContext } from "./registration/registration-context.ts";
import { SubmitError } from "./submit-error.ts";
import { type Uploaded, uploadFile } from "./upload-file.ts";

/** An upload's URL is temporary, for an undocumented time: an older one is not registered. */
const freshInMilliseconds = 300_000;
/** Most registrations of one file: a search may show each time that it did not take effect. */
const maxRegistrations = 4;

/** A checked file whose entry is claimed. */
export interface ClaimedFile {
  registration: RegistrationContext;
  naming: AssetName;
  options: SubmitOptions & SubmitHooks;
  /** Whether an earlier asset of this content may be used: not for a URL without a strong ETag. */
  reusable: boolean;
  /** How the bytes get to the service. */
  upload: UploadSource;
}

/** Bytes to upload, an object of the user's bucket, or a URL that the user gave. */
export type UploadSource =
  | { kind: "object"; object: BucketObject }
  | { kind: "file"; file: SubmitFile; stamp: string | null; sha256: string | null }
  | { kind: "url"; url: string };

export type ClaimOutcome =
  | { outcome: "submitted"; asset: Asset; report: Report; reused: boolean }
  | { outcome: "file-changed" }
  | { outcome: "lease-lost"; late: LateRegistration | null };

/** From the claimed entry to the asset: continues at the entry's step if an earlier run stopped there. */
export async function processClaim(claimed: ClaimedFile): Promise<ClaimOutcome> {
  const existing = await existingAsset(claimed);
  if (existing) return submitted(claimed, existing.asset, existing.reused);
  let source = recordedUpload(claimed);
  if (!source) await recordChecked(claimed);
  for (let count = 1; count <= maxRegistrations; count++) {
    if (!source) {
      const prepared = await prepareUrl(claimed);
      if (prepared.outcome === "file-changed") return prepared;
      source = prepared.source;
    }
    claimed.options.onProgress?.({ phase: "register", loaded: 0, total: 1 });
    const registered = await register(claimed.registration, source);
    if (registered.outcome === "late") return { outcome: "lease-lost", late: registered.late };
    if (registered.outcome === "registered") {
      claimed.options.onProgress?.({ phase: "register", loaded: 1, total: 1 });
      claimed.options.onRegistered?.(withoutSignatures(registered.asset));
      return submitted(claimed, registered.asset, false);
    }
    // A recent upload is registered again; an older one is uploaded again.
    source = recordedUpload(claimed);
  }
  throw new SubmitError("network", "its registration was lost on the way each time it was sent", {
    report: claimed.registration.report,
    retryable: true,
    hint: "run it again later",
  });
}

/** The asset that the entry has, or that a registration without an answer made. */
async function existingAsset(claimed: ClaimedFile): Promise<{ asset: Asset; reused: boolean } | null> {
  const { registration, options } = claimed;
  const { claim } = registration;
  if (registration.late.length > 0) {
    const adopted = await resolveLateRegistrations(registration);
    if (adopted) return { asset: adopted, reused: false };
  }
  const { entry } = claim;
  if (entry?.step === "registering") {
    // Written first: of two claims that find it, only one may continue.
    await claim.amend({});
    const confirmedAbsent = options.again?.includes("unknown") ?? false;
    const asset = await findLostRegistration(registration, { confirmedAbsent });
    return asset ? { asset, reused: false } : null;
  }
  const finished = entry?.step === "registered" || entry?.step === "active" || entry?.step === "failed";
  // Even for a URL without an ETag: an earlier run was stopped between registering it and Active.
  const reusable = claimed.reusable || (claim.interrupted && entry?.step === "registered");
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

/**
 * An upload that this machine made and did not register, if all of its URL was recorded and it is recent. What is in the
 * user's bucket is looked up there, by a key that is computed.
 */
function recordedUpload({ registration: { claim }, naming, options }: ClaimedFile): UrlToRegister | null {
  const { entry } = claim;
  if (entry?.step !== "uploaded" && entry?.step !== "registering") return null;
  if (options.storage || entry.storageKey !== undefined) return null;
  const { url, urlSha256, uploadedAt } = entry;
  const age = claim.since("uploadedAt");
  if (!url || !uploadedAt || urlSha256 || age === null || age >= freshInMilliseconds) return null;
  return { url, uploadedAt, ...naming };
}

/**
 * Makes this claim the entry's owner before anything is uploaded; an earlier asset's id becomes a former one. URLs and
 * objects are not uploaded: their first write is the intention to register.
 */
async function recordChecked({ registration: { claim, check }, upload }: ClaimedFile): Promise<void> {
  const { entry } = claim;
  if (upload.kind !== "file" && entry?.id === undefined) return;
  const former =
    entry?.id === undefined ? entry?.formerIds : [...(entry.formerIds ?? []), entry.id].slice(-64);
  await claim.record({ step: "checked", ...check, formerIds: former });
}

async function prepareUrl(claimed: ClaimedFile): Promise<Uploaded> {
  const { upload, naming } = claimed;
  if (upload.kind === "file") return uploadFile(claimed, upload);
  const { url, object } = upload.kind === "url" ? { url: upload.url } : { url: upload.object.url, ...upload };
  return { outcome: "ready", source: { url, object, uploadedAt: null, ...naming } };
}
