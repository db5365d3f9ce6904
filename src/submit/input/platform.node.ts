import { classifyInput } from "../../preflight/inputs/classify-input.ts";
import { pathOfFileUrl } from "../../preflight/inputs/file-url.node.ts";
import { type NodeInput, nodeInputs } from "../../preflight/inputs/open-input.node.ts";
import { unsupportedInput } from "../../preflight/inputs/open-input.ts";
import { unreadableScheme } from "../../preflight/inputs/unreadable-scheme.ts";
import type { Preflight } from "../../preflight/preflight.ts";
import { loadTableFromNode } from "../../rules/load.node.ts";
import type { SubmitOptions } from "../options.ts";
import { fileOfBinary } from "./binary-input.ts";
import { fileOfPath } from "./path-input.node.ts";
import type { SubmitFile, SubmitPlatform } from "./submit-file.ts";
import { type CheckUrl, fileOfUrl } from "./url-input.ts";

/** How Node.js checks and opens what is submitted. */
export const nodePlatform = (preflight: Preflight<NodeInput>["preflight"]): SubmitPlatform<NodeInput> => ({
  preflight: (input, options) => preflight(input, options),
  open: submitFileInNode,
  rulesVersion: async (rules) => (await loadTableFromNode(rules)).checked,
  alwaysHash: true,
});

/** Loaded only if there is a URL to fetch. */
const checkUrl: CheckUrl = async (address, options) =>
  (await import("../../preflight/url/public-url.node.ts")).checkUrl(address, options);

/** A path, file: URL, Blob, bytes or http(s) URL as a file to submit. */
export function submitFileInNode(input: NodeInput, options: SubmitOptions): SubmitFile {
  if (typeof input === "string" || input instanceof URL) {
    const classified = classifyInput(input);
    if (classified.kind === "path") return fileOfPath(classified.path);
    if (classified.kind === "file") return fileOfPath(pathOfFileUrl(classified.url));
    if (classified.kind === "asset" || classified.kind === "other") throw unreadableScheme(classified);
    return fileOfUrl(input, options, checkUrl);
  }
  const binary = fileOfBinary(input, options.file ?? null);
  if (!binary) throw unsupportedInput(input, nodeInputs);
  return binary;
}
