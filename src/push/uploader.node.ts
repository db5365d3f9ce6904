import type { NodeInput } from "../preflight/open-input.node.ts";
import type { Preflight } from "../preflight/preflight.ts";
import { nodePlatform } from "../submit/file-input.node.ts";
import { createSubmit, type Submit } from "../submit/submit.ts";
import type { Push } from "./options.ts";
import { createPush } from "./push.ts";

/** `submit` and `push` for Node.js, over its preflight. */
export function createNodeUploader(preflight: Preflight<NodeInput>["preflight"]): {
  submit: Submit<NodeInput>;
  push: Push<NodeInput>;
} {
  const platform = nodePlatform(preflight);
  return { submit: createSubmit(platform), push: createPush(platform) };
}
