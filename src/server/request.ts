import { cleanFilename } from "../atlas/multipart.ts";
import { memorySpool } from "../bytes/spool.ts";
import type { Kind } from "../facts/formats.ts";
import { longestAssetName, looksGenerated } from "../submit/asset-name.ts";
import { Problem } from "./problem.ts";
import { type BodyBounds, receive } from "./receive-body.ts";

const kinds: readonly string[] = ["image", "video", "audio"] satisfies Kind[];
const isKind = (text: string | null | undefined): text is Kind => kinds.includes(text ?? "");

/** What a request says about its file. None of it is trusted: it is compared with the bytes. */
export interface Claims {
  /** From X-Media-Type, else from Content-Type; null if neither says. */
  kind: Kind | null;
  filename: string;
  /** The asset's name, or null. */
  assetName: string | null;
}

/** @throws Problem 400 */
export function claimsOf(request: Request): Claims {
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
  const tooLong = typeof given !== "string" || [...given].length > longestAssetName;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  const bad = tooLong || /[\x00-\x1f\x7f]/.test(given);
  if (!bad && looksGenerated(given))
    throw new Problem(400, "usage", "an asset's name may not end like a generated one (-<32 hex digits>)", {
      hint: "give another name, or none",
    });
  if (!bad) return given;
  throw new Problem(400, "usage", `an asset's name is text of at most ${longestAssetName} characters`, {
    hint: "shorten the name",
  });
}

const longestJson = 16 * 1024;

/** A small JSON object. @throws Problem 400, 408, 413 */
export async function jsonBody(request: Request, bounds: BodyBounds): Promise<Record<string, unknown>> {
  const spool = memorySpool();
  await receive(request, spool, { ...bounds, maxBytes: longestJson });
  try {
    const value: unknown = JSON.parse(await (await spool.blob()).text());
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Refused below, like any other body that is no object.
  }
  throw new Problem(400, "usage", "the body is not a JSON object");
}

/** A header that holds percent-encoded UTF-8. */
function decoded(request: Request, name: string): string | null {
  const text = request.headers.get(name);
  if (text === null) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Problem(400, "usage", `${name} is not percent-encoded UTF-8`);
  }
}
