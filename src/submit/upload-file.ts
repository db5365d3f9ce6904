import { originAndPath } from "../ledger/entry.ts";
import type { Report } from "../report/report.ts";
import { addressLifetime, contentKey, extensionOfFormat } from "../storage/content-key.ts";
import type { Storage } from "../storage/storage.ts";
import { stemOf } from "./base-name.ts";
import type { BucketObject, PreparedPayload, SubmitFile } from "./input/submit-file.ts";
import type { SubmitOptions } from "./options.ts";
import type { ClaimedFile, UploadSource } from "./process-claim.ts";
import { type UrlToRegister, urlFields } from "./registration/ledger-fields.ts";

export type Uploaded = { outcome: "ready"; source: UrlToRegister } | { outcome: "file-changed" };

/** Where the bytes went. */
type Destination = Pick<UrlToRegister, "url" | "object"> & { sent: boolean };

/** Uploads the file, to the service or to the user's bucket, and makes sure that what was sent is what was checked. */
export async function uploadFile(
  claimed: ClaimedFile,
  { file, stamp, sha256 }: UploadSource & { kind: "file" },
): Promise<Uploaded> {
  const { registration, options, naming } = claimed;
  const { claim, check } = registration;
  const signal = options.signal ?? null;
  const { storage } = options;
  const send = (made: PreparedPayload): Promise<Destination> =>
    storage ? put(claimed, storage, made, sha256) : upload(claimed, file, made);
  const schedule = options.schedule ?? ((_, task) => task());
  return await schedule("upload", async () => {
    const payload = file.payload as NonNullable<SubmitFile["payload"]>;
    const { url, object, sent } = file.withPayload
      ? await file.withPayload(signal, send)
      : await send({ payload, copy: null });
    if ((await file.stamp()) !== stamp) return { outcome: "file-changed" };
    // The bucket has verified the hash itself.
    if (!storage && sha256 && (await file.sha256(signal)) !== sha256) return { outcome: "file-changed" };
    if (sent) options.onUploaded?.();
    const source: UrlToRegister = { url, object, uploadedAt: claim.now(), ...naming };
    // Not awaited: the ledger writes it before the intention to register, which is.
    claim.record({ ...urlFields(claim.entry, source, check), step: "uploaded" }).catch(() => {});
    return { outcome: "ready", source };
  });
}

async function upload(
  { options, registration }: ClaimedFile,
  { name }: SubmitFile,
  made: PreparedPayload,
): Promise<Destination> {
  const report = made.copy?.report ?? registration.report;
  const { url } = await options.atlas.uploadMedia(made.payload, {
    signal: options.signal,
    onProgress: options.onProgress,
    filename: uploadName(name, report),
    contentType: report.facts.mime ?? undefined,
  });
  return { url, sent: true };
}

/** Puts the bytes into the user's bucket. The address is signed first: keys that end too soon are refused. */
async function put(
  { options, registration }: ClaimedFile,
  storage: Storage,
  { payload, copy }: PreparedPayload,
  checked: string | null,
): Promise<Destination> {
  const report = copy?.report ?? registration.report;
  const sha256 = (copy?.sha256 ?? checked) as string;
  const { signal, onProgress } = options;
  const key = contentKey(storage, sha256, report.facts.format);
  const object = await bucketObject(storage, key, signal ?? null);
  const { outcome } = await putChecked(storage, payload, { report, sha256, signal, onProgress });
  return { url: object.url, object, sent: outcome === "stored" };
}

/** Puts bytes that were checked under the key of their content. */
export async function putChecked(
  storage: Storage,
  payload: PreparedPayload["payload"],
  about: Pick<SubmitOptions, "signal" | "onProgress"> & { report: Report; sha256: string },
): Promise<{ key: string; outcome: "stored" | "present" }> {
  const { report, sha256, signal, onProgress } = about;
  const { facts } = report;
  const source = payload instanceof Uint8Array ? new Blob([payload as Uint8Array<ArrayBuffer>]) : payload;
  const key = contentKey(storage, sha256, report.facts.format);
  const { outcome } = await storage.put(source, {
    key,
    type: facts.mime ?? "application/octet-stream",
    size: typeof source === "string" ? (facts.bytes ?? 0) : source.size,
    sha256,
    signal,
    onProgress,
  });
  return { key, outcome };
}

/** An object of the user's bucket, as it is registered. */
export async function bucketObject(
  storage: Storage,
  key: string,
  signal: AbortSignal | null,
): Promise<BucketObject> {
  const sign = async (signal: AbortSignal | null): Promise<string> =>
    (await storage.address(key, { expiresIn: addressLifetime, signal })).url;
  return { key, url: originAndPath(await sign(signal)), sign };
}

/** Base name and an extension that fits the bytes: with none, or a wrong one, the service makes a useless URL. */
function uploadName(name: string | null, { facts, type }: Report): string {
  return `${stemOf(name ?? "") || type}.${extensionOfFormat(facts.format)}`;
}
