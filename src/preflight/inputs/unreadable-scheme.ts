import { redactUrl } from "../../bytes/url/redact.ts";
import { MediaPreflightError } from "../../errors.ts";
import type { ClassifiedInput } from "./classify-input.ts";

/** The error for an `asset:` URI, or a URL of a scheme that cannot be read. */
export function unreadableScheme(
  input: Extract<ClassifiedInput, { kind: "asset" | "other" }>,
): MediaPreflightError {
  if (input.kind === "asset")
    return new MediaPreflightError("usage", "an asset's bytes cannot be read", {
      url: input.uri,
      hint: "the service has checked it already; give the file it was made from, or its public http(s) URL",
    });
  return new MediaPreflightError("usage", `${input.scheme}: URLs cannot be read`, {
    url: redactUrl(input.url),
    hint: "give a public http(s) URL, or download the file and give that",
  });
}
