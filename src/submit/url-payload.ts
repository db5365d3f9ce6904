import type { checkUrl } from "../preflight/url/public-url.ts";
import type { SubmitFile, SubmitOptions } from "./options.ts";

/** Says what an address's server says of it. */
export type CheckUrl = typeof checkUrl;

/** An address of the user's own storage: nothing is uploaded, the address itself is registered. */
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
      throw new TypeError("an address is not read whole");
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
