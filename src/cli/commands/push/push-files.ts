import { MediaPreflightError } from "../../../errors.ts";
import type { NodeInput } from "../../../preflight/inputs/open-input.node.ts";
import type { PushFile } from "../../../push/options.ts";
import { type Parsed, usage } from "../../args/parse.ts";
import type { LocatedConfig } from "../../config/find-config.ts";
import type { Policy } from "../../config/policy.ts";
import { preflightOptionsFor } from "../../config/preflight-options.ts";
import type { Input } from "../../files/inputs.ts";

export interface PushContext {
  args: Parsed;
  policy: Policy;
  located: LocatedConfig;
  /** Called for an input that cannot be opened; the others continue. */
  onError(error: MediaPreflightError, file: string): void;
}

/**
 * Everything named, each with how it is checked.
 * @throws MediaPreflightError `usage` for --name if a folder or glob holds more than one file; then none is pushed
 */
export async function* pushFiles(
  inputs: AsyncIterable<Input>,
  context: PushContext,
): AsyncGenerator<PushFile<NodeInput>> {
  const files = filesOf(inputs, context);
  if (context.args.values.name !== undefined) {
    const first = await files.next();
    if (first.done) return;
    if (!(await files.next()).done) throw usage("--name is for a single file", "push");
    yield first.value;
  } else yield* files;
}

async function* filesOf(
  inputs: AsyncIterable<Input>,
  context: PushContext,
): AsyncGenerator<PushFile<NodeInput>> {
  for await (const input of inputs) {
    if (input.kind === "error") context.onError(input.error, input.displayName);
    else if (input.kind === "path") yield* localFile(input, context);
    else if (input.kind === "url") yield remoteFile(input, context);
    else context.onError(notSendable(), input.displayName);
  }
}

function* localFile(
  input: Extract<Input, { kind: "path" }>,
  { args, policy, located }: PushContext,
): Generator<PushFile<NodeInput>> {
  const filePolicy = policy.forPath(input.displayName);
  if (filePolicy === null) return;
  const { type, rules, limits, strict } = preflightOptionsFor(args, filePolicy, located);
  yield {
    input: input.path,
    file: input.displayName,
    assetName: args.values.name,
    type,
    rules,
    limits,
    strict,
  };
}

function remoteFile(
  input: Extract<Input, { kind: "url" }>,
  { args, policy, located }: PushContext,
): PushFile<NodeInput> {
  const { type } = preflightOptionsFor(args, policy.general, located);
  const isObject = /^s3:/i.test(input.url);
  return {
    input: isObject ? input.url : new URL(input.url),
    file: input.displayName,
    assetName: args.values.name,
    type,
  };
}

function notSendable(): MediaPreflightError {
  return new MediaPreflightError("unreadable", "the file name is not UTF-8", { hint: "rename the file" });
}
