import type { checkUrl } from "../../preflight/url/public-url.ts";
import type { SubmitOptions } from "../options.ts";
import type { SubmitFile } from "./submit-file.ts";

/** Checks a URL, and reads its ETag and size. */
export type CheckUrl = typeof checkUrl;

/** A URL of the user's own storage: nothing is uploaded, the URL itself is registered. */
export function fileOfUrl(
  input: string | URL,
  options: Pick<SubmitOptions, "allowPrivate">,
  check: CheckUrl,
): SubmitFile {
  const url = new URL(input).href;
  return {
    name: decoded(new URL(url).pathname.split("/").at(-1) ?? ""),
    payload: null,
    url,
    stamp: async () => null,
    sha256: async () => {
      throw new TypeError("a URL has no hash: its bytes are not read");
    },
    async probe(signal) {
      const { etag, source } = await check(url, { signal, allowPrivate: options.allowPrivate });
      await source?.close?.();
      return { etag, bytes: source?.size ?? null };
    },
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
