import { memorySpool } from "../bytes/spool.ts";
import { MediaPreflightError } from "../errors.ts";
import { withSpooledStream } from "../preflight/inputs/with-spooled-stream.ts";
import type { BrowserInput } from "../preflight/preflight.browser.ts";
import type { Preflight } from "../preflight/preflight.ts";
import { browserPlatform } from "../submit/input/platform.browser.ts";
import { createSubmit, type Submit } from "../submit/submit.ts";
import type { Push } from "./options.ts";
import { createPush } from "./push.ts";

/** `submit` and `push` for browsers, over its preflight. */
export function createBrowserSubmitAndPush(preflight: Preflight<BrowserInput>["preflight"]): {
  submit: Submit<BrowserInput>;
  push: Push<BrowserInput>;
} {
  const platform = browserPlatform(preflight);
  const submit = createSubmit(platform);
  return {
    submit: (input, options) =>
      withSpooledStream(input, memorySpool, options, (file, name) =>
        submit(file, { ...options, file: options.file ?? name ?? undefined }),
      ),
    async push(files, options) {
      if (options.fix)
        throw new MediaPreflightError("no-engine", "files are fixed while pushing on Node.js only", {
          hint: "leave out fix in pages",
        });
      return await createPush(platform)(files, options);
    },
  };
}
