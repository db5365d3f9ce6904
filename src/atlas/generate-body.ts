import { redactUrl } from "../bytes/url/redact.ts";
import { MediaPreflightError } from "../errors.ts";
import type { GenerateBody, GenerateOptions } from "./types.ts";

const imageFields: ReadonlySet<string> = new Set([
  "image",
  "last_image",
  "reference_images",
  "reference_image",
  "images",
]);
const assetFields = /^(?:reference_)?(?:video|audio)s?$/;

/**
 * The body of a generation as it is sent: what is empty is left out, and what the service would bill and then
 * refuse is refused here: video and audio that are no registered assets, data: anywhere but in images.
 * @throws MediaPreflightError `usage`
 */
export function generateBody(
  body: GenerateBody,
  style: GenerateOptions["bodyStyle"],
): Record<string, unknown> {
  if (typeof body.model !== "string" || body.model.trim() === "")
    throw new MediaPreflightError("usage", "a generation needs a model", { hint: "name one" });
  const fields = Object.fromEntries(
    Object.entries(body).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
  for (const [field, value] of Object.entries(fields)) evaluate(field, value, 0);
  if (style !== "input") return fields;
  const { model, ...input } = fields;
  return { model, input };
}

function evaluate(field: string, value: unknown, depth: number): void {
  if (depth > 8) throw refuse(field, "is nested too deeply", "send it flat");
  if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value))
      evaluate(Array.isArray(value) ? field : key, inner, depth + 1);
    return;
  }
  if (typeof value !== "string") return;
  if (field.endsWith("prompt")) return;
  const scheme = /^\s*([a-z][a-z\d+.-]*):/i.exec(value)?.[1]?.toLowerCase();
  const address = scheme !== undefined && /^(?:https?|data|blob|file|ftp)$/.test(scheme);
  const media = assetFields.test(field) || (address && /(?:^|_)(?:video|audio)s?(?:_|$)/.test(field));
  if (media && !/^asset:\/\/[^\s/]+$/.test(value))
    throw refuse(
      field,
      `holds ${address ? redactUrl(value.trim()) : "something"} that is not an asset:// reference`,
      "register the file first (submit, or media-preflight push), then give the asset's uri",
    );
  const image = imageFields.has(field);
  if (scheme === "data" && !(image && /^\s*data:image\//i.test(value)))
    throw refuse(
      field,
      "holds a data: URL",
      "only images may be inline; register the file and give its asset:// uri",
    );
  if (image && (scheme === "file" || scheme === "blob"))
    throw refuse(
      field,
      `holds a ${scheme}: URL, which the service cannot fetch`,
      "give an asset:// or a public https URL",
    );
}

function refuse(field: string, why: string, hint: string): MediaPreflightError {
  return new MediaPreflightError("usage", `${field} ${why}`, { hint });
}
