import { memorySpool, type Spool } from "../bytes/spool.ts";
import { isNodeLike } from "../bytes/url/runtime.ts";
import type { Kind } from "../facts/formats.ts";
import { isAccepted } from "../report/blocking.ts";
import type { Report } from "../report/report.ts";
import { checkBody } from "./check.ts";
import type { HandlerContext } from "./context.ts";
import { Problem } from "./http/problem.ts";
import { receive } from "./http/receive-body.ts";
import { type DeclaredFile, declaredFileOf } from "./http/request.ts";
import type { RequestContext } from "./http/request-context.ts";
import { streamResponse } from "./http/stream.ts";
import { publicReport } from "./public-report.ts";

/** A file that passed the check. */
export interface CheckedUpload {
  body: Blob;
  declared: DeclaredFile;
  kind: Kind;
  /** The full report; pages get `publicReport` of it. */
  report: Report;
}

/** Processes a file that passed; the result is the response's JSON body. */
export type UploadWork = (file: CheckedUpload, request: RequestContext) => Promise<Record<string, unknown>>;

/**
 * Spools a request's body, checks it, and calls `work` with what passed. Slot and spool are freed when the response
 * ends, however it ends.
 * @throws Problem
 */
export async function withCheckedBody(
  context: HandlerContext,
  request: Request,
  label: string | null,
  work: UploadWork,
): Promise<Response> {
  const declared = declaredFileOf(request);
  const freeSlot = context.slots.take(label);
  let spool: Spool | undefined;
  const release = async (): Promise<void> => {
    freeSlot();
    try {
      await spool?.remove();
    } catch (error) {
      // The response is not affected.
      context.events.reportError(error, label);
    }
  };
  let streaming = false;
  try {
    spool = await openSpool(context);
    await receive(request, spool, context.bounds);
    const file = await checkSpooled(context, { body: await spool.blob(), declared }, request.signal, label);
    if (!/\bapplication\/x-ndjson\b/.test(request.headers.get("accept") ?? "")) {
      const result = await work(file, { onProgress: () => {}, signal: request.signal });
      return Response.json(result, { status: 201, headers: { "cache-control": "no-store" } });
    }
    streaming = true;
    return streamResponse({
      work: (requestContext) => work(file, requestContext),
      signal: request.signal,
      problemOf: (error) => context.events.reportError(error, label),
      release,
    });
  } finally {
    if (!streaming) await release();
  }
}

async function openSpool({ options }: HandlerContext): Promise<Spool> {
  const disk = options.spool ? options.spool === "disk" : isNodeLike;
  return disk ? (await import("../bytes/spool-disk.node.ts")).diskSpool() : memorySpool();
}

/** @throws Problem 422 with the report */
async function checkSpooled(
  { options, events }: HandlerContext,
  { body, declared }: Pick<CheckedUpload, "body" | "declared">,
  signal: AbortSignal,
  label: string | null,
): Promise<CheckedUpload> {
  const report = await checkBody(body, declared, options, signal);
  const kind = report.type;
  const accepted = kind === null || (options.types ?? [kind]).includes(kind);
  if (kind !== null && accepted && isAccepted(report, options.acceptUnsure))
    return { body, declared, kind, report };
  events.emit({ type: "refused", report, label });
  const message = accepted ? "the file did not pass the check" : "files of this type are not accepted here";
  throw new Problem(422, "refused", message, { hint: "see the report", report: publicReport(report) });
}
