import { diskSpool } from "../bytes/spool-disk.node.ts";
import type { NodeInput } from "../preflight/inputs/open-input.node.ts";
import { withSpooledStream } from "../preflight/inputs/with-spooled-stream.ts";
import type { Preflight } from "../preflight/preflight.ts";
import { nodePlatform } from "../submit/input/platform.node.ts";
import { createSubmit, type Submit } from "../submit/submit.ts";
import type { Push } from "./options.ts";
import { createPush } from "./push.ts";

/** `submit` and `push` for Node.js, over its preflight. */
export function createNodeSubmitAndPush(preflight: Preflight<NodeInput>["preflight"]): {
  submit: Submit<NodeInput>;
  push: Push<NodeInput>;
} {
  const platform = nodePlatform(preflight);
  const submit = createSubmit(platform);
  return {
    submit: (input, options) =>
      withSpooledStream(input, diskSpool, options, (file, name) =>
        submit(file, { ...options, file: options.file ?? name ?? undefined }),
      ),
    async push(files, { fix, ...options }) {
      if (!fix) return await createPush(platform)(files, options);
      const { fixingPlatform } = await import("./fixing-platform.node.ts");
      return await createPush(fixingPlatform(platform, fix === true ? {} : fix))(files, options);
    },
  };
}
