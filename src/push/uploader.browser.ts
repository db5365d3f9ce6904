import { memorySpool } from "../bytes/spool.ts";
import type { BrowserInput } from "../preflight/preflight.browser.ts";
import type { Preflight } from "../preflight/preflight.ts";
import { withSpooledStream } from "../preflight/with-spooled-stream.ts";
import { browserPlatform } from "../submit/file-input.browser.ts";
import { createSubmit, type Submit } from "../submit/submit.ts";
import type { Push } from "./options.ts";
import { createPush } from "./push.ts";

/** `submit` and `push` for browsers, over its preflight. */
export function createBrowserUploader(preflight: Preflight<BrowserInput>["preflight"]): {
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
    push: createPush(platform),
  };
}
