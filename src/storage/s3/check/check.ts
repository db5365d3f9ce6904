import { abortError, isMediaPreflightError } from "../../../errors.ts";
import { resolveOptions, type S3StorageOptions } from "../options.ts";
import { createS3Storage } from "../s3-storage.ts";
import { probeCopy, probeDelete, probePut, probeRange, probeSign, probeStat } from "./object-probes.ts";
import { probeCors, probeLifecycle, probeParts, probeSignedPut } from "./page-probes.ts";
import { failed, type ProbeContext, type ProbeResult, type StorageCheckStep } from "./probe.ts";

export interface StorageCheckOptions {
  /** Origins of pages that upload, such as "https://app.example.com". */
  origins?: readonly string[] | undefined;
  signal?: AbortSignal | null | undefined;
  onStep?: ((step: StorageCheckStep) => void) | undefined;
}

const probes: readonly [StorageCheckStep["step"], (context: ProbeContext) => Promise<ProbeResult>][] = [
  ["put", probePut],
  ["stat", probeStat],
  ["range", probeRange],
  ["copy", probeCopy],
  ["sign", probeSign],
  ["signed-put", probeSignedPut],
  ["parts", probeParts],
  ["cors", probeCors],
  ["lifecycle", probeLifecycle],
  ["delete", probeDelete],
];

/**
 * Tries what submitting and uploads from pages need of a bucket, with small objects below `incoming/` that it deletes.
 * @throws MediaPreflightError `usage`; StorageError `storage-denied` without keys
 */
export async function checkStorage(
  options: S3StorageOptions,
  { origins = [], signal = null, onStep }: StorageCheckOptions = {},
): Promise<StorageCheckStep[]> {
  const storage = createS3Storage(options);
  const key = `${storage.incoming}storage-check-${crypto.randomUUID()}`;
  const context: ProbeContext = {
    storage,
    setup: resolveOptions(options),
    fetch: options.fetch ?? fetch,
    key,
    copy: `${key}-copy`,
    origins,
    signal,
  };
  const results: StorageCheckStep[] = [];
  for (const [step, probe] of probes) {
    const result = await probe(context).catch((error: unknown): ProbeResult => {
      if (signal?.aborted) throw abortError(signal);
      return isMediaPreflightError(error)
        ? failed(error.summary, error.hint ?? "follow the message")
        : failed("the request was not answered", "check the network and the endpoint");
    });
    results.push({ step, ...result });
    onStep?.({ step, ...result });
    // Nothing else can work.
    if (step === "put" && result.outcome === "failed") break;
  }
  return results;
}
