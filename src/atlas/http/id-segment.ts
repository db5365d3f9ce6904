import { redactUrl } from "../../bytes/url/redact.ts";
import { MediaPreflightError } from "../../errors.ts";

/**
 * An id as one segment of a path.
 * @throws MediaPreflightError `usage`
 */
export function idSegment(id: string): string {
  // "trash" is a collection of its own; dots would leave the path.
  if (!/^[\w.:@=+-]{1,256}$/.test(id) || /^(?:\.+|trash)$/.test(id))
    throw new MediaPreflightError("usage", `${JSON.stringify(redactUrl(id).slice(0, 80))} is not an id`, {
      hint: "use the id that the list of assets shows",
    });
  return encodeURIComponent(id);
}
