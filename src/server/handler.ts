import { memorySpool, type Spool } from "../bytes/spool.ts";
import { isAccepted } from "../report/blocking.ts";
import type { Report } from "../report/report.ts";
import { checkBody } from "./check.ts";
import type { HandlerEvent, HandlerOptions } from "./options.ts";
import { checkAllowedOrigins, corsHeaders, judgeOrigin, preflightAnswer } from "./origin.ts";
import { Problem, problemOf } from "./problem.ts";
import { receive } from "./receive-body.ts";
import { assetName, claimsOf, jsonBody } from "./request.ts";
import { routeOf } from "./route.ts";
import { runsOnNode } from "./runtime.ts";
import { settleClient } from "./settings.ts";
import { type RequestContext, streamed } from "./stream.ts";
import { createTickets } from "./ticket.ts";
import { type CheckedUpload, transfers } from "./transfers.ts";

/**
 * The page's way to the service: a Request → Response function that keeps the key, takes bytes only, checks them
 * again, uploads and registers. Its protocol is in src/server/README.md.
 * @throws MediaPreflightError `usage`, `no-key`
 */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  const atlas = settleClient(options);
  const allowed = checkAllowedOrigins(options.allowedOrigins ?? []);
  const tickets = createTickets(options.secret);
  const idleTimeout = options.idleTimeout ?? 30_000;
  const bounds = { maxBytes: options.maxBytes ?? 52_428_800, idleTimeout };
  let bodies = 0;

  const tell = (event: HandlerEvent): void => options.onEvent?.(event);
  const { upload, register, assetForPage } = transfers(atlas, tickets, tell);
  const tellError = (error: unknown, label: string | null): Problem => {
    const problem = problemOf(error);
    const { status, code } = problem;
    // A refusal has been told of with its report.
    if (problem.report) return problem;
    const ownWord = problem === error || code === "aborted";
    tell(ownWord ? { type: "rejected", status, code, label } : { type: "error", error, label });
    return problem;
  };

  async function authorised(request: Request): Promise<string | null> {
    const decision = await options.authorize(request);
    if (decision instanceof Response) throw decision;
    const ok = decision === true || (typeof decision === "object" && decision?.ok === true);
    if (!ok) throw new Problem(401, "unauthorized", "not allowed to upload", { hint: "sign in first" });
    return (typeof decision === "object" && decision.label) || null;
  }

  async function spoolFor(): Promise<Spool> {
    const disk = options.spool ? options.spool === "disk" : runsOnNode;
    return disk ? (await import("../bytes/spool-disk.node.ts")).diskSpool() : memorySpool();
  }

  /** Spools and checks; `work` gets what passed. The spool is gone when the answer ends, however it ends. */
  async function withFile(
    request: Request,
    label: string | null,
    work: (file: CheckedUpload, context: RequestContext) => Promise<Record<string, unknown>>,
  ): Promise<Response> {
    const claims = claimsOf(request);
    if (bodies >= (options.maxConcurrent ?? 16)) throw busy;
    bodies += 1;
    let spool: Spool | undefined;
    let streaming = false;
    const release = async (): Promise<void> => {
      bodies -= 1;
      await spool?.remove();
    };
    try {
      spool = await spoolFor();
      await receive(request, spool, bounds);
      const body = await spool.blob();
      const report = await checkBody(body, claims, options, request.signal);
      const kind = report.type;
      const wanted = kind === null || (options.types ?? [kind]).includes(kind);
      if (kind === null || !wanted || !isAccepted(report, options.acceptUnsure)) {
        tell({ type: "refused", report, label });
        throw refusal(report, wanted);
      }
      const file: CheckedUpload = { body, claims, kind, report };
      if (!/\bapplication\/x-ndjson\b/.test(request.headers.get("accept") ?? "")) {
        const context = { onProgress: () => {}, signal: request.signal };
        return Response.json(await work(file, context), {
          status: 201,
          headers: { "cache-control": "no-store" },
        });
      }
      streaming = true;
      return streamed(
        (context) => work(file, context),
        request.signal,
        async (error) => {
          if (error !== undefined) tellError(error, label);
          await release();
        },
      );
    } finally {
      if (!streaming) await release();
    }
  }

  const postUpload = (request: Request, label: string | null): Promise<Response> =>
    withFile(request, label, async (file, context) => {
      const id = await tickets.issue(await upload(file, label, context));
      const { filename } = file.claims;
      return { upload: { id, type: file.kind, size: file.body.size, filename }, report: file.report };
    });

  async function postAsset(request: Request, label: string | null): Promise<Response> {
    if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? "")) {
      return withFile(request, label, async (file, context) => {
        const ticket = await upload(file, label, context);
        const asset = await register(ticket, file.claims.assetName, context);
        return { asset: await assetForPage(asset, file.kind, label), report: file.report };
      });
    }
    const body = await jsonBody(request, idleTimeout);
    const ticket = await tickets.read(typeof body.upload === "string" ? body.upload : "", "upload", label);
    if (!ticket) {
      throw new Problem(404, "not-found", "no such upload, or it is too old to be registered", {
        hint: "send the file again",
      });
    }
    if (body.type !== undefined && body.type !== ticket.kind) {
      throw new Problem(422, "invalid-request", `the upload is of type ${ticket.kind}`, {
        hint: "register it as what it is",
      });
    }
    const context = { onProgress: () => {}, signal: request.signal };
    const asset = await register(ticket, assetName(body.name), context);
    return Response.json({ asset: await assetForPage(asset, ticket.kind, label) }, { status: 201 });
  }

  async function getAsset(request: Request, id: string, label: string | null): Promise<Response> {
    const ticket = await tickets.read(id, "asset", label);
    if (!ticket) throw new Problem(404, "not-found", "no such asset");
    const asset = await atlas.getAsset(ticket.ref, { signal: request.signal });
    // The id stays: it is what the page polls.
    const page = { ...(await assetForPage(asset, ticket.kind, label)), id };
    return Response.json({ asset: page }, { headers: { "cache-control": "no-store" } });
  }

  return async (request) => {
    let label: string | null = null;
    let origin: string | null = null;
    try {
      origin = judgeOrigin(request, allowed);
      if (request.method === "OPTIONS") {
        return preflightAnswer(origin, request.headers.get("access-control-request-headers"));
      }
      const route = routeOf(request);
      label = await authorised(request);
      const answer =
        route.id !== null
          ? await getAsset(request, route.id, label)
          : route.collection === "uploads"
            ? await postUpload(request, label)
            : await postAsset(request, label);
      return withCorsHeaders(answer, origin);
    } catch (error) {
      if (error instanceof Response) return withCorsHeaders(error, origin);
      const problem = tellError(error, label);
      const { status, headers } = problem;
      return withCorsHeaders(Response.json(problem.body(), { status, headers }), origin);
    }
  };
}

function refusal(report: Report, wanted: boolean): Problem {
  const message = wanted ? "the file did not pass the check" : "files of this type are not taken here";
  return new Problem(422, "refused", message, { hint: "the report says why", report });
}

const busy = new Problem(503, "rate-limited", "too many uploads at the same time", {
  hint: "try again in a while",
  headers: { "retry-after": "5" },
});

function withCorsHeaders(response: Response, origin: string | null): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(corsHeaders(origin))) headers.append(name, value);
  headers.set("x-content-type-options", "nosniff");
  return new Response(response.body, { status: response.status, headers });
}
