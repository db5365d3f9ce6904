import { memorySpool, type Spool } from "../bytes/spool.ts";
import type { Kind } from "../facts/formats.ts";
import { isAccepted } from "../report/blocking.ts";
import type { Report } from "../report/report.ts";
import { checkBody } from "./check.ts";
import type { HandlerContext } from "./context.ts";
import { Problem } from "./problem.ts";
import { publicReport } from "./public-report.ts";
import { receive } from "./receive-body.ts";
import { type Claims, claimsOf } from "./request.ts";
import { runsOnNode } from "./runtime.ts";
import { type RequestContext, streamed } from "./stream.ts";

/** A file that passed the check. */
export interface CheckedUpload {
  body: Blob;
  claims: Claims;
  kind: Kind;
  /** The full report; pages get `publicReport` of it. */
  report: Report;
}

/** What is done with a file that passed; the result is the response's JSON body. */
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
  const claims = claimsOf(request);
  const freeSlot = context.slots.take(label);
  let spool: Spool | undefined;
  const release = async (): Promise<void> => {
    freeSlot();
    try {
      await spool?.remove();
    } catch (error) {
      // The response does not depend on it.
      context.events.tellError(error, label);
    }
  };
  let streaming = false;
  try {
    spool = await openSpool(context);
    await receive(request, spool, context.bounds);
    const file = await checkSpooled(context, { body: await spool.blob(), claims }, request.signal, label);
    if (!/\bapplication\/x-ndjson\b/.test(request.headers.get("accept") ?? "")) {
      const result = await work(file, { onProgress: () => {}, signal: request.signal });
      return Response.json(result, { status: 201, headers: { "cache-control": "no-store" } });
    }
    streaming = true;
    return streamed({
      work: (requestContext) => work(file, requestContext),
      signal: request.signal,
      problemOf: (error) => context.events.tellError(error, label),
      release,
    });
  } finally {
    if (!streaming) await release();
  }
}

async function openSpool({ options }: HandlerContext): Promise<Spool> {
  const disk = options.spool ? options.spool === "disk" : runsOnNode;
  return disk ? (await import("../bytes/spool-disk.node.ts")).diskSpool() : memorySpool();
}

/** @throws Problem 422 with the report */
async function checkSpooled(
  { options, events }: HandlerContext,
  { body, claims }: Pick<CheckedUpload, "body" | "claims">,
  signal: AbortSignal,
  label: string | null,
): Promise<CheckedUpload> {
  const report = await checkBody(body, claims, options, signal);
  const kind = report.type;
  const accepted = kind === null || (options.types ?? [kind]).includes(kind);
  if (kind !== null && accepted && isAccepted(report, options.acceptUnsure))
    return { body, claims, kind, report };
  events.emit({ type: "refused", report, label });
  const message = accepted ? "the file did not pass the check" : "files of this type are not accepted here";
  throw new Problem(422, "refused", message, { hint: "see the report", report: publicReport(report) });
}
