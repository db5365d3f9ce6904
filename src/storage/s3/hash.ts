import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** An incremental SHA-256. Node.js has one that is several times faster. */
export interface Sha256 {
  update(bytes: Uint8Array): unknown;
  /** In hexadecimal. */
  digest(): string;
}

/** Begins a hash. */
export type NewSha256 = () => Sha256;

export const portableSha256: NewSha256 = () => {
  const hash = sha256.create();
  return { update: (bytes) => hash.update(bytes), digest: () => bytesToHex(hash.digest()) };
};
