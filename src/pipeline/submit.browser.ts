import type { BinaryInput } from "./open.ts";
import { noInput } from "./open.ts";
import type { Preflight } from "./preflight.ts";
import { createPush } from "./push.ts";
import type { Push } from "./push-options.ts";
import { createSubmit, type Submit } from "./submit.ts";
import { fileOfBinary } from "./submit-binary.ts";
import type { SubmitFile, SubmitOptions, SubmitPlatform } from "./submit-options.ts";
import { type CheckUrl, fileOfUrl } from "./submit-url.ts";

type BrowserInput = BinaryInput | URL | string;

/** `submit` and `push` for browsers, over their preflight. Bytes are hashed only where a ledger is given. */
export function browserRoad(preflight: Preflight<BrowserInput>["preflight"]): {
  submit: Submit<BrowserInput>;
  push: Push<BrowserInput>;
} {
  const platform: SubmitPlatform<BrowserInput> = { preflight, open: submitFile, alwaysHash: false };
  return { submit: createSubmit(platform), push: createPush(platform) };
}

const checkUrl: CheckUrl = async (address, options) =>
  (await import("./public-url.ts")).checkUrl(address, options);

function submitFile(input: BrowserInput, options: SubmitOptions): SubmitFile {
  if (typeof input === "string" || input instanceof URL) return fileOfUrl(input, options, checkUrl);
  const binary = fileOfBinary(input, options.file ?? null);
  if (!binary) throw noInput(input, "a File, a Blob, bytes or a URL");
  return binary;
}
