import type { Asset } from "../atlas/types.ts";
import type { Kind } from "../facts/formats.ts";
import type { HandlerContext } from "./context.ts";
import { pageAsset } from "./page-asset.ts";
import { Problem } from "./problem.ts";
import { publicReport } from "./public-report.ts";
import { checkPageAssetName, jsonBody } from "./request.ts";
import { withCheckedBody } from "./spooled-body.ts";
import type { Uploader } from "./uploader.ts";

/** What the routes need besides the handler's context. */
export interface RouteContext extends HandlerContext {
  uploader: Uploader;
}

/** `POST …/uploads`: checks and uploads bytes; answers with an id that can be registered. */
export function postUpload(context: RouteContext, request: Request, label: string | null): Promise<Response> {
  return withCheckedBody(context, request, label, async (file, requestContext) => {
    const id = await context.tickets.issue(await context.uploader.upload(file, label, requestContext));
    const upload = { id, type: file.kind, size: file.body.size, filename: file.claims.filename };
    return { upload, report: publicReport(file.report) };
  });
}

/** `POST …/assets`: registers an upload (JSON), or checks, uploads and registers bytes. */
export async function postAsset(
  context: RouteContext,
  request: Request,
  label: string | null,
): Promise<Response> {
  if (/^application\/json\b/i.test(request.headers.get("content-type") ?? ""))
    return registerUpload(context, request, label);
  return withCheckedBody(context, request, label, async (file, requestContext) => {
    const asset = await context.registrar.submit(file, label, requestContext);
    return { asset: await forPage(context, asset, file.kind, label), report: publicReport(file.report) };
  });
}

/** @throws Problem 404, 422 */
async function registerUpload(
  context: RouteContext,
  request: Request,
  label: string | null,
): Promise<Response> {
  const body = await jsonBody(request, context.bounds);
  const id = typeof body.upload === "string" ? body.upload : "";
  const ticket = await context.tickets.read(id, "upload", label);
  if (!ticket)
    throw new Problem(404, "not-found", "no such upload, or it is too old to be registered", {
      hint: "send the file again",
    });
  if (body.type !== undefined && body.type !== ticket.kind)
    throw new Problem(422, "invalid-request", `the upload is of type ${ticket.kind}`, {
      hint: "register it as that type",
    });
  const assetName = checkPageAssetName(body.name);
  const requestContext = { onProgress: () => {}, signal: request.signal };
  const asset = await context.registrar.register(ticket, assetName, requestContext);
  return Response.json({ asset: await forPage(context, asset, ticket.kind, label) }, { status: 201 });
}

/** `GET …/assets/{id}` */
export async function getAsset(
  context: RouteContext,
  request: Request,
  { id, label }: { id: string; label: string | null },
): Promise<Response> {
  const ticket = await context.tickets.read(id, "asset", label);
  if (!ticket) throw new Problem(404, "not-found", "no such asset");
  const asset = await context.atlas.getAsset(ticket.ref, { signal: request.signal });
  // The id stays the same: the page polls it.
  return Response.json(
    { asset: pageAsset(asset, ticket.kind, id) },
    { headers: { "cache-control": "no-store" } },
  );
}

async function forPage(
  { uploader, tickets }: RouteContext,
  asset: Asset,
  kind: Kind,
  label: string | null,
): Promise<Record<string, unknown>> {
  return pageAsset(asset, kind, await tickets.issue(uploader.assetTicket(asset.id, kind, label)));
}
