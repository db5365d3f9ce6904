import type { CallToolResult, McpServer, ServerContext } from "@modelcontextprotocol/server";
import type * as v from "valibot";
import { redactUrl } from "../bytes/url/redact.ts";
import { version } from "../cli/version.ts";
import { runTool } from "./answer.ts";
import { parseArguments, unchecked } from "./arguments.ts";
import type { ToolContext } from "./context.ts";
import { progressOf } from "./progress.ts";
import { assetStatus } from "./tools/asset-status.ts";
import { checkMedia } from "./tools/check-media.ts";
import { explainCode } from "./tools/explain.ts";
import { fixMedia } from "./tools/fix-media.ts";
import { registerAsset } from "./tools/register-asset.ts";
import type { Tool } from "./tools/tool.ts";

/** Every tool by its name. */
const tools: Readonly<Record<string, Tool>> = {
  check_media: checkMedia as Tool,
  fix_media: fixMedia as Tool,
  register_asset: registerAsset as Tool,
  asset_status: assetStatus as Tool,
  explain: explainCode as Tool,
};

const instructions =
  "Checks media against a service's limits before it is uploaded. From a file to an asset:// URI: check_media; if it " +
  "does not pass, fix_media without apply, show the plan, then with apply: true; register_asset with the file that " +
  "passes; asset_status until it is active.";

/** The SDK, loaded by the caller. */
export type Sdk = typeof import("./sdk.ts");

/** A server with all tools. `track` is given each call's promise, so that the caller can wait for the last ones. */
export function createServer(
  sdk: Sdk,
  context: ToolContext,
  track: (running: Promise<unknown>) => void,
): McpServer {
  const server = new sdk.McpServer({ name: "media-preflight", version }, { instructions });
  const standard = (schema: v.GenericSchema) => sdk.toStandardJsonSchema(schema);
  for (const [name, { title, description, schemas, annotations, run }] of Object.entries(tools)) {
    const call = (input: unknown, at: ServerContext): Promise<CallToolResult> =>
      runTool(subjectOf(input), () =>
        run(parseArguments(schemas.input, input), {
          context,
          signal: at.mcpReq.signal,
          progress: progressOf(at),
        }),
      );
    server.registerTool(
      name,
      {
        title,
        description,
        annotations: { title, ...annotations },
        inputSchema: unchecked(standard(schemas.input)),
        outputSchema: standard(schemas.output),
      },
      (input: unknown, at: ServerContext) => {
        const running = call(input, at);
        track(running);
        return running;
      },
    );
  }
  return server;
}

/** The path or URL that a call is about, for its errors. */
function subjectOf(input: unknown): string | undefined {
  const { path, url } = (input ?? {}) as { path?: unknown; url?: unknown };
  if (typeof path === "string") return path;
  return typeof url === "string" ? redactUrl(url) : undefined;
}
