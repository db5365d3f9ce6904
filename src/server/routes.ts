import type { Asset } from "../atlas/types.ts";
import type { Kind } from "../facts/formats.ts";
import type { HandlerContext } from "./context.ts";
import { Problem } from "./http/problem.ts";
import { checkPageAssetName, jsonBody } from "./http/request.ts";
import type { RequestContext } from "./http/request-context.ts";
import { publicAsset } from "./public-asset.ts";
import { publicReport } from "./public-report.ts";
import {
  callerOf,
  isSignedUpload,
  readSignedUploadTicket,
  type SignedUploadContext,
  type SignedUploadTicket,
} from "./signed-uploads/context.ts";
import type { SignedRegistrations } from "./signed-uploads/register-signed.ts";
import { signPart, signUpload } from "./signed-uploads/sign-upload.ts";
import { withCheckedBody } from "./spooled-body.ts";
import type { Uploader } from "./uploader.ts";

/** The context of the routes. */
export interface RouteContext extends HandlerContext {
  uploader: Uploader;
  /** Null without a bucket. */
  signed: SignedUploads | null;
}

/** Signed uploads to the user's own bucket. */
export interface SignedUploads {
  context: SignedUploadContext;
  registrations: SignedRegistrations;
}

const isJson = (request: Request): boolean =>
  /^application\/json\b/i.test(request.headers.get("content-type") ?? "");

/** `GET …/uploads`: how files can be uploaded here. */
export async function getUploads({ signed, bounds }: RouteContext): Promise<Response> {
  const uploads = { signed: signed !== null, maxBytes: bounds.maxBytes };
  return Response.json({ uploads }, { headers: { "cache-control": "no-store" } });
}

/** `POST …/uploads/{id}`: signs a part of an upload to the bucket. */
export async function postPart(
  { signed }: RouteContext,
  request: Request,
  member: { id: string; label: string | null },
): Promise<Response> {
  return await signPart(requireSignedUploads(signed).context, request, member);
}

/** @throws Problem 404 */
function requireSignedUploads(signed: SignedUploads | null): SignedUploads {
  if (signed) return signed;
  throw new Problem(404, "not-found", "this server signs no uploads", { hint: "send the file's own bytes" });
}

/** `POST …/uploads`: signs an upload to the bucket (JSON), or checks and uploads bytes; answers with an id. */
export async function postUpload(
  context: RouteContext,
  request: Request,
  label: string | null,
): Promise<Response> {
  if (isJson(request)) return await signUpload(requireSignedUploads(context.signed).context, request, label);
  return withCheckedBody(context, request, label, async (file, requestContext) => {
    const id = await context.tickets.issue(await context.uploader.upload(file, label, requestContext));
    const upload = { id, type: file.kind, size: file.body.size, filename: file.declared.filename };
    return { upload, report: publicReport(file.report) };
  });
}

/** `POST …/assets`: registers an upload (JSON), or checks, uploads and registers bytes. */
export async function postAsset(
  context: RouteContext,
  request: Request,
  label: string | null,
): Promise<Response> {
  if (isJson(request)) return registerUpload(context, request, label);
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
  const ticket =
    (await context.tickets.read(id, "upload", label)) ??
    (await readSignedUploadTicket(context, id, callerOf(request, label)));
  if (body.type !== undefined && body.type !== ticket.kind)
    throw new Problem(422, "invalid-request", `the upload is of type ${ticket.kind}`, {
      hint: "register it as that type",
    });
  const assetName = checkPageAssetName(body.name);
  const requestContext = { onProgress: () => {}, signal: request.signal };
  const asset = isSignedUpload(ticket)
    ? await registerSigned(context, ticket, assetName, requestContext)
    : await context.registrar.register(ticket, assetName, requestContext);
  return Response.json({ asset: await forPage(context, asset, ticket.kind, label) }, { status: 201 });
}

function registerSigned(
  { signed }: RouteContext,
  ticket: SignedUploadTicket,
  assetName: string | null,
  request: RequestContext,
): Promise<Asset> {
  const { context, registrations } = requireSignedUploads(signed);
  return registrations.register(context, ticket, assetName, request);
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
    { asset: publicAsset(asset, ticket.kind, id) },
    { headers: { "cache-control": "no-store" } },
  );
}

async function forPage(
  { uploader, tickets }: RouteContext,
  asset: Asset,
  kind: Kind,
  label: string | null,
): Promise<Record<string, unknown>> {
  return publicAsset(asset, kind, await tickets.issue(uploader.assetTicket(asset.id, kind, label)));
}
