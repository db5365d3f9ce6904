import { FaultSequence } from "../http/faults.ts";
import type { Toggles } from "../toggles.ts";
import type { BucketOperation } from "./operations/operation.ts";
import { S3Error } from "./s3-error.ts";

const names = [
  "bucketCutBefore",
  "bucketForbidden",
  "bucketSlowDown",
  "bucketErrorIn200",
  "bucketCutDuring",
  "bucketCutAfter",
] as const satisfies readonly (keyof Toggles)[];
export type BucketFault = (typeof names)[number];

/** Operations that S3 may answer 200 and then report as failed in the body. */
const answeredEarly: readonly BucketOperation[] = ["CopyObject", "UploadPartCopy", "CompleteMultipartUpload"];

/** Decides which fault is injected into the bucket's next request. */
export class BucketFaults {
  readonly #sequence: FaultSequence<BucketFault>;

  constructor(seed: number) {
    this.#sequence = new FaultSequence(names, seed);
  }

  reset(seed: number): void {
    this.#sequence.reset(seed);
  }

  next(operation: BucketOperation, toggles: Toggles): BucketFault | null {
    if (!toggles.bucketFaultsOn.includes(operation)) return null;
    const rates = answeredEarly.includes(operation) ? toggles : { ...toggles, bucketErrorIn200: 0 };
    return this.#sequence.next(rates);
  }
}

/** The error that a fault answers, or null. */
export function faultError(fault: BucketFault | null): S3Error | null {
  if (fault === "bucketForbidden") return new S3Error("AccessDenied", "Access Denied");
  if (fault === "bucketSlowDown") return new S3Error("SlowDown", "Please reduce your request rate.");
  return null;
}
