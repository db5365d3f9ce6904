import { MediaPreflightError } from "../../../errors.ts";
import type { NodeInput } from "../../../preflight/open-input.node.ts";
import type { PushFile } from "../../../push/options.ts";
import type { Parsed } from "../../args/parse.ts";
import type { FoundConfig } from "../../config/find.ts";
import type { Policy } from "../../config/policy.ts";
import { judgingOptions } from "../../config/preflight-options.ts";
import type { Input } from "../../files/inputs.ts";

export interface PushContext {
  args: Parsed;
  policy: Policy;
  found: FoundConfig;
  /** Called for what cannot even be opened; the others continue. */
  onError(error: MediaPreflightError, file: string): void;
}

/** Everything named, each with how it is checked. */
export async function* pushFiles(
  inputs: AsyncIterable<Input>,
  context: PushContext,
): AsyncGenerator<PushFile<NodeInput>> {
  for await (const input of inputs) {
    if (input.kind === "error") context.onError(input.error, input.shown);
    else if (input.kind === "path") yield* localFile(input, context);
    else if (input.kind === "url") yield remoteFile(input, context);
    else context.onError(notSendable(), input.shown);
  }
}

function* localFile(
  input: Extract<Input, { kind: "path" }>,
  { args, policy, found }: PushContext,
): Generator<PushFile<NodeInput>> {
  const filePolicy = policy.policyFor(input.shown);
  if (filePolicy === null) return;
  const { type, rules, limits, strict } = judgingOptions(args, filePolicy, found);
  yield { input: input.path, file: input.shown, assetName: args.values.name, type, rules, limits, strict };
}

function remoteFile(
  input: Extract<Input, { kind: "url" }>,
  { args, policy, found }: PushContext,
): PushFile<NodeInput> {
  const { type } = judgingOptions(args, policy.general, found);
  return { input: new URL(input.url), file: input.shown, assetName: args.values.name, type };
}

function notSendable(): MediaPreflightError {
  return new MediaPreflightError("unreadable", "the file name is not UTF-8", { hint: "rename the file" });
}
