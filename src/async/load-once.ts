import { MediaPreflightError } from "../errors.ts";

/**
 * A function that loads a module on its first call and returns the same module ever after. A failed load is tried
 * again by the next call.
 * @throws MediaPreflightError `network`: in a page, the site that serves this package's files did not answer
 */
export function loadOnce<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loading: Promise<Module> | undefined;
  return () => {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      throw new MediaPreflightError("network", "a module of media-preflight could not be loaded", {
        cause,
        hint: "check the connection, then try again",
        retryable: true,
      });
    });
    return loading;
  };
}
