import { MediaPreflightError } from "../errors.ts";

let retries = 0;

/**
 * Loads a part of the program when it is first needed: `loadModule(() => import("./part.ts"))`.
 * @throws MediaPreflightError `network` if the page's own site does not answer; the next call tries again
 */
export async function loadModule<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    // Chromium answers an import() that failed once with the same failure until the page is reloaded, without asking
    // the network (Chromium 153, seen). Under another query the same file is another module, and is requested.
    const url = / module: (http\S+)$/.exec(String(cause))?.[1];
    const again = `${url}${url?.includes("?") ? "&" : "?"}retry=${++retries}`;
    try {
      if (url)
        return await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ again);
    } catch {
      // Reported with the first failure.
    }
    throw new MediaPreflightError("network", "a part of this program could not be loaded", {
      cause,
      hint: "check the connection and try again",
      retryable: true,
    });
  }
}
