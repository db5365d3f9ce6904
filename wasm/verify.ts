import { MediaPreflightError } from "../src/errors.ts";
import { pin } from "./pin.ts";

/**
 * Resolves if these bytes are the pinned module.
 * @throws MediaPreflightError `wasm-mismatch`
 */
export async function verify(bytes: Uint8Array<ArrayBuffer>, where: string): Promise<void> {
  if (bytes.byteLength !== pin.bytes)
    throw mismatch(where, `${bytes.byteLength} bytes instead of ${pin.bytes}`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (sha256 !== pin.sha256) throw mismatch(where, `SHA-256 ${sha256} instead of ${pin.sha256}`);
}

function mismatch(where: string, what: string): MediaPreflightError {
  return new MediaPreflightError("wasm-mismatch", `${where} is not the pinned MediaInfo module: ${what}`, {
    hint: `use ${pin.file} of ${pin.package} ${pin.packageVersion}`,
  });
}
