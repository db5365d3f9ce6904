import { MediaPreflightError } from "../src/errors.ts";
import { integrity, pin } from "./pin.ts";
import { verify } from "./verify.ts";

/**
 * A request for the module that the platform itself checks: fetch fails unless the bytes have the pinned SHA-256
 * (W3C Subresource Integrity, `Request.integrity`), and what it checked is what is compiled. No `blob:` or `data:`
 * address is needed, so that `script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'` suffices.
 * @throws MediaPreflightError `usage` for an address of another origin
 */
export function wasmRequest(url: string | URL): Request {
  const here = globalThis.location;
  const absolute = new URL(url, here?.href);
  if (here && /^https?:$/.test(absolute.protocol) && absolute.origin !== here.origin)
    throw new MediaPreflightError("usage", `the MediaInfo module must come from ${here.origin}`, {
      hint: `serve ${pin.file} from your own site`,
    });
  return new Request(absolute, { credentials: "same-origin", integrity });
}

/**
 * Why a request made by `wasmRequest` failed, found out by fetching once more: never returns.
 * @throws MediaPreflightError `wasm-mismatch`, `network`
 */
export async function explainWasmFailure(url: string | URL, cause: unknown): Promise<never> {
  const where = new URL(url, globalThis.location?.href).href;
  let bytes: Uint8Array<ArrayBuffer> | null = null;
  let status = "";
  try {
    const answer = await fetch(where, { credentials: "same-origin" });
    status = ` (HTTP ${answer.status})`;
    if (answer.ok) bytes = new Uint8Array(await answer.arrayBuffer());
  } catch {
    // Said below.
  }
  if (bytes) await verify(bytes, where);
  const why = bytes ? "cannot be compiled" : `cannot be fetched${status}`;
  throw new MediaPreflightError("network", `the MediaInfo module at ${where} ${why}`, {
    cause,
    hint: bytes
      ? "the page's Content-Security-Policy needs script-src 'wasm-unsafe-eval'"
      : `serve ${pin.file} of ${pin.package} ${pin.packageVersion} there`,
  });
}
