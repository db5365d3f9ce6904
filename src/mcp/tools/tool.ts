import type { CallToolResult } from "@modelcontextprotocol/server";
import type * as v from "valibot";
import type { ToolContext } from "../context.ts";
import type { ReportProgress } from "../progress.ts";

/** One call, as a tool sees it. */
export interface Call {
  context: ToolContext;
  signal: AbortSignal;
  progress: ReportProgress;
}

/** One tool: a row of the table in server.ts. */
export interface Tool<Schema extends v.GenericSchema = v.GenericSchema> {
  title: string;
  description: string;
  schemas: { input: Schema; output: v.GenericSchema };
  /** Hints for clients (2025-06-18, "ToolAnnotations"). */
  annotations: {
    readOnlyHint?: boolean;
    destructiveHint?: boolean;
    idempotentHint?: boolean;
    openWorldHint?: boolean;
  };
  /** @throws MediaPreflightError for what could not be done */
  run(input: v.InferOutput<Schema>, call: Call): Promise<CallToolResult>;
}
