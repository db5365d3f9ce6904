import { redactUrl } from "../../bytes/url/redact.ts";
import { MediaPreflightError } from "../../errors.ts";
import type { GenerateBody, GenerateOptions } from "../types.ts";

/** How the body is built. */
type BodyOptions = Pick<GenerateOptions, "bodyStyle" | "allowUrlReferences">;

const imageFields: ReadonlySet<string> = new Set([
  "image",
  "last_image",
  "reference_images",
  "reference_image",
  "images",
]);
const assetFields = /^(?:reference_)?(?:video|audio)s?$/;

/** No request of the service is nested deeper. */
const maxDepth = 8;

/**
 * The body of a generation as it is sent, without empty values. What the service would refuse, perhaps after billing it,
 * is refused here: video and audio that are not registered assets, data: URLs other than images.
 * @throws MediaPreflightError `usage`
 */
export function generateBody(
  body: GenerateBody,
  { bodyStyle, allowUrlReferences = false }: BodyOptions = {},
): Record<string, unknown> {
  if (typeof body.model !== "string" || body.model.trim() === "")
    throw new MediaPreflightError("usage", "a generation needs a model", { hint: "set `model`" });
  const fields = Object.fromEntries(
    Object.entries(body).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
  for (const [field, value] of Object.entries(fields)) checkField(field, value, allowUrlReferences, 0);
  if (bodyStyle !== "input") return fields;
  const { model, ...input } = fields;
  return { model, input };
}

function checkField(field: string, value: unknown, allowUrls: boolean, depth: number): void {
  if (depth > maxDepth) throw refuse(field, "is nested too deeply", "send it flat");
  if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value))
      checkField(Array.isArray(value) ? field : key, inner, allowUrls, depth + 1);
    return;
  }
  if (typeof value !== "string" || field.endsWith("prompt")) return;
  const scheme = /^\s*([a-z][a-z\d+.-]*):/i.exec(value)?.[1]?.toLowerCase() ?? "";
  const address = /^(?:https?|data|blob|file|ftp)$/.test(scheme);
  const media = assetFields.test(field) || (address && /(?:^|_)(?:video|audio)s?(?:_|$)/.test(field));
  if (media) checkMediaReference(field, value, allowUrls && /^https?$/.test(scheme), address);
  checkImageAddress(field, value, scheme);
}

function checkMediaReference(field: string, value: string, allowed: boolean, address: boolean): void {
  if (allowed || /^asset:\/\/[^\s/]+$/.test(value)) return;
  throw refuse(
    field,
    `contains ${address ? redactUrl(value.trim()) : "something"} that is not an asset:// reference`,
    "register the file first (submit, or media-preflight push), then use the asset's uri; a public URL needs " +
      "allowUrlReferences: true (--allow-url-references)",
  );
}

function checkImageAddress(field: string, value: string, scheme: string): void {
  const image = imageFields.has(field);
  if (scheme === "data" && !(image && /^\s*data:image\//i.test(value)))
    throw refuse(
      field,
      "contains a data: URL",
      "only images may be inline; register the file and use its asset:// uri",
    );
  if (image && (scheme === "file" || scheme === "blob"))
    throw refuse(
      field,
      `contains a ${scheme}: URL, which the service cannot fetch`,
      "use an asset:// or a public https URL",
    );
}

function refuse(field: string, why: string, hint: string): MediaPreflightError {
  return new MediaPreflightError("usage", `${field} ${why}`, { hint });
}
