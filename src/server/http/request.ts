import { cleanFilename } from "../../atlas/http/multipart.ts";
import { memorySpool } from "../../bytes/spool.ts";
import { MediaPreflightError } from "../../errors.ts";
import type { Kind } from "../../facts/formats.ts";
import { checkAssetName } from "../../submit/asset/asset-name.ts";
import { Problem } from "./problem.ts";
import { type BodyBounds, receive } from "./receive-body.ts";

const kinds: readonly string[] = ["image", "video", "audio"] satisfies Kind[];
export const isKind = (text: string | null | undefined): text is Kind => kinds.includes(text ?? "");

/** The file as the headers of a request declare it. Nothing of it is trusted: it is compared with the bytes. */
export interface DeclaredFile {
  /** From X-Media-Type, else from Content-Type; null if both are absent. */
  kind: Kind | null;
  filename: string;
  /** The asset's name, or null. */
  assetName: string | null;
}

/** @throws Problem 400 */
export function declaredFileOf(request: Request): DeclaredFile {
  const declared = request.headers.get("x-media-type")?.trim().toLowerCase() ?? null;
  if (declared !== null && !isKind(declared)) {
    throw new Problem(400, "usage", "X-Media-Type is not image, video or audio");
  }
  const major = request.headers.get("content-type")?.split("/")[0]?.trim().toLowerCase();
  return {
    kind: declared ?? (isKind(major) ? major : null),
    filename: cleanFilename(decoded(request, "x-file-name") ?? ""),
    assetName: checkPageAssetName(decoded(request, "x-asset-name")),
  };
}

/** A name that a page chose; null for none. @throws Problem 400 */
export function checkPageAssetName(given: unknown): string | null {
  if (given === undefined || given === null || given === "") return null;
  if (typeof given !== "string") throw new Problem(400, "usage", "an asset's name is text");
  try {
    return checkAssetName(given);
  } catch (error) {
    if (!(error instanceof MediaPreflightError)) throw error;
    throw new Problem(400, "usage", error.message, error.hint === null ? {} : { hint: error.hint });
  }
}

const maxJsonBytes = 16 * 1024;

/** A small JSON object. @throws Problem 400, 408, 413 */
export async function jsonBody(request: Request, bounds: BodyBounds): Promise<Record<string, unknown>> {
  const spool = memorySpool();
  await receive(request, spool, { ...bounds, maxBytes: maxJsonBytes });
  try {
    const value: unknown = JSON.parse(await (await spool.blob()).text());
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Refused below, like any other body that is not an object.
  }
  throw new Problem(400, "usage", "the body is not a JSON object");
}

/** A header with percent-encoded UTF-8. */
function decoded(request: Request, name: string): string | null {
  const text = request.headers.get(name);
  if (text === null) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Problem(400, "usage", `${name} is not percent-encoded UTF-8`);
  }
}
