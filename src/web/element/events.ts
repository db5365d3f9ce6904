import type { Asset } from "../../atlas/types.ts";
import type { Report } from "../../report/report.ts";

/** The element's events by name. All bubble and cross shadow boundaries. */
export interface MediaPreflightEventMap {
  /** Files are about to be added. Cancelable: `preventDefault()` leaves them out. */
  "media-preflight-add": CustomEvent<{ files: readonly File[] }>;
  /** A file has been checked. */
  "media-preflight-report": CustomEvent<{ file: File; report: Report }>;
  /** A file is about to be sent. Cancelable: `preventDefault()` keeps it from being sent. */
  "media-preflight-send": CustomEvent<{ file: File; report: Report }>;
  /** A file was sent and registered, and is ready for use. */
  "media-preflight-asset": CustomEvent<{ file: File; asset: Asset; report: Report }>;
  /** A copy that passes took the place of a file that failed. */
  "media-preflight-fix": CustomEvent<{ file: File; original: File }>;
  /** A file could not be read, made to fit or sent. `code` is one of the error codes. */
  "media-preflight-problem": CustomEvent<{ file: File; code: string; message: string; hint: string | null }>;
  /** Anything of the above has happened, or files were added or removed. */
  "media-preflight-change": CustomEvent<null>;
}

type Detail<Name extends keyof MediaPreflightEventMap> = MediaPreflightEventMap[Name]["detail"];

const cancelable: ReadonlySet<string> = new Set(["media-preflight-add", "media-preflight-send"]);

/** Dispatches an event. Whether it was not canceled: a listener that throws does not count, and breaks nothing. */
export function dispatch<Name extends keyof MediaPreflightEventMap>(
  target: EventTarget,
  name: Name,
  detail: Detail<Name>,
): boolean {
  const options = { detail, bubbles: true, composed: true, cancelable: cancelable.has(name) };
  return target.dispatchEvent(new CustomEvent(name, options));
}

declare global {
  interface HTMLElementEventMap extends MediaPreflightEventMap {}
}
