import { ExpiringMap } from "../expiring-map.ts";
import { Problem } from "../http/problem.ts";
import type { UploadQuotaOptions } from "../options.ts";

const defaultFiles = 100;
const defaultBytes = 10 * 1024 ** 3;

interface Reservation {
  label: string | null;
  bytes: number;
  expires: number;
}

/** Limits the unregistered uploads of each label in the bucket. Counted in this process. */
export class UploadQuota {
  readonly #files: number;
  readonly #bytes: number;
  /** By the nonce of their tickets. */
  readonly #reservations = new ExpiringMap<Reservation>();

  constructor({ files, bytes }: UploadQuotaOptions = {}) {
    this.#files = files ?? defaultFiles;
    this.#bytes = bytes ?? defaultBytes;
  }

  /** @throws Problem 429 */
  reserve(nonce: string, reservation: Reservation): void {
    let files = 1;
    let { bytes } = reservation;
    for (const other of this.#reservations.values()) {
      if (other.label !== reservation.label) continue;
      files += 1;
      bytes += other.bytes;
    }
    if (files > this.#files || bytes > this.#bytes)
      throw new Problem(429, "rate-limited", "you have too many uploads that are not registered", {
        hint: "register them, or wait until they expire",
        headers: { "retry-after": "3600" },
      });
    this.#reservations.set(nonce, reservation, reservation.expires);
  }

  /** The upload was registered, or refused and removed. */
  release(nonce: string): void {
    this.#reservations.delete(nonce);
  }
}
