import { MediaPreflightError } from "../errors.ts";

/**
 * What loads a part with the first call, keeps it, and tries again with the next call where that failed.
 * @throws MediaPreflightError `network` where a page's own site does not answer
 */
export function loadOnce<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | undefined;
  return () => {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      throw new MediaPreflightError("network", "a part of this program could not be loaded", {
        cause,
        hint: "try again when the connection is back",
        retryable: true,
      });
    });
    return loading;
  };
}
