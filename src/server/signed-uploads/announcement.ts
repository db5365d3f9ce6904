import { cleanFilename } from "../../atlas/http/multipart.ts";
import type { Kind } from "../../facts/formats.ts";
import { Problem } from "../http/problem.ts";
import { isKind } from "../http/request.ts";

/** The file that a page announces. The uploaded bytes are compared with it. */
export interface Announcement {
  kind: Kind;
  contentType: string;
  /** Bytes. */
  size: number;
  /** Hexadecimal, in lower case. */
  sha256: string;
  filename: string;
}

/**
 * The type is signed and becomes a header of the object, which is not checked yet: nothing but a type, without parameters,
 * and none whose scripts a browser would run if the bucket is public.
 */
const mediaType = /^(?:(?:image|video|audio)\/(?!svg)[\w.+-]{1,100}|application\/octet-stream)$/i;

const invalid = (message: string): Problem => new Problem(400, "usage", message);

/** @throws Problem 400 */
export function announcementOf(body: Record<string, unknown>): Announcement {
  const { type, contentType, size, sha256, name = "" } = body;
  if (typeof type !== "string" || !isKind(type)) throw invalid("type is not image, video or audio");
  if (typeof contentType !== "string" || !mediaType.test(contentType))
    throw invalid("contentType is not that of an image, a video or audio, such as video/mp4");
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 1)
    throw invalid("size is not a number of bytes above 0");
  if (!isSha256(sha256)) throw invalid("sha256 is not 64 hexadecimal digits in lower case");
  if (typeof name !== "string") throw invalid("name is not text");
  return { kind: type, contentType, size, sha256, filename: cleanFilename(name) };
}

export const isSha256 = (value: unknown): value is string =>
  typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
