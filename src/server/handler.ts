import { messageWithHint } from "../report/blocking.ts";
import type { HandlerContext } from "./context.ts";
import { crossCheckWarning } from "./cross-check-missing.ts";
import { createEvents, type Events } from "./events.ts";
import { authorizeRequest } from "./http/authorize.ts";
import { checkAllowedOrigins, checkOrigin, corsPreflightResponse, withCorsHeaders } from "./http/origin.ts";
import { type Route, routeOf } from "./http/route.ts";
import type { HandlerOptions } from "./options.ts";
import { clientOverBucket } from "./registration/bucket-client.ts";
import { registrarWithLedger } from "./registration/ledger-registrar.ts";
import { registrarWithoutLedger } from "./registration/registrar.ts";
import { createTickets } from "./registration/ticket.ts";
import { getAsset, getUploads, postAsset, postPart, postUpload, type RouteContext } from "./routes.ts";
import { clientOf, ledgerFor, secretsOf, validateOptions } from "./settings.ts";
import { UploadQuota } from "./signed-uploads/quota.ts";
import { SignedRegistrations } from "./signed-uploads/register-signed.ts";
import { Slots } from "./slots.ts";
import { createUploader } from "./uploader.ts";

/**
 * The server's half of an upload from a page: a Request → Response function that keeps the key, accepts bytes only, checks
 * them again, uploads and registers them. src/server/README.md describes its protocol.
 * @throws MediaPreflightError `usage`, `no-key`
 */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  const context = createContext(options);
  const { events, allowedOrigins } = context;
  if (options.crossCheck !== "never") void reportMissingCrossCheck(options, events);

  return async (request) => {
    let label: string | null = null;
    let origin: string | null = null;
    try {
      origin = checkOrigin(request, allowedOrigins);
      if (request.method === "OPTIONS")
        return corsPreflightResponse(origin, request.headers.get("access-control-request-headers"));
      const route = routeOf(request);
      label = await authorizeRequest(options.authorize, request);
      return withCorsHeaders(await dispatch(context, request, route, label), origin);
    } catch (error) {
      if (error instanceof Response) return withCorsHeaders(error, origin);
      const problem = events.reportError(error, label);
      const { status, headers } = problem;
      return withCorsHeaders(Response.json(problem.body(), { status, headers }), origin);
    }
  };
}

function createContext(options: HandlerOptions): RouteContext {
  validateOptions(options);
  const storage = options.storage ?? null;
  const client = clientOf(options);
  const atlas = storage ? clientOverBucket(client, storage) : client;
  const events = createEvents(options.onEvent);
  const issuer = crypto.randomUUID();
  const ledger = ledgerFor(options);
  const uploader = createUploader(atlas, issuer, events);
  const maxConcurrent = options.maxConcurrent ?? 16;
  const shared: HandlerContext = {
    options,
    atlas,
    events,
    allowedOrigins: checkAllowedOrigins(options.allowedOrigins ?? []),
    bounds: {
      maxBytes: options.maxBytes ?? 52_428_800,
      idleTimeout: options.idleTimeout ?? 30_000,
      minBytesPerSecond: options.minBytesPerSecond ?? 16_384,
    },
    slots: new Slots(
      maxConcurrent,
      options.maxConcurrentPerLabel ?? Math.max(1, Math.floor(maxConcurrent / 4)),
    ),
    tickets: createTickets(secretsOf(options)),
    registrar: ledger
      ? registrarWithLedger(atlas, ledger, options, events)
      : registrarWithoutLedger(atlas, uploader, { issuer, storage }, events),
  };
  const signed = storage && {
    context: { ...shared, storage, issuer, quota: new UploadQuota(options.uploadQuota) },
    registrations: new SignedRegistrations(),
  };
  return { ...shared, uploader, signed };
}

async function reportMissingCrossCheck({ onEvent }: HandlerOptions, { emit }: Events): Promise<void> {
  const warning = await crossCheckWarning();
  if (!warning) return;
  if (onEvent) emit(warning);
  else console.warn(`media-preflight: ${messageWithHint(warning)}`);
}

function dispatch(
  context: RouteContext,
  request: Request,
  { method, collection, id }: Route,
  label: string | null,
): Promise<Response> {
  if (id !== null)
    return collection === "uploads"
      ? postPart(context, request, { id, label })
      : getAsset(context, request, { id, label });
  if (method === "GET") return getUploads(context);
  return collection === "uploads" ? postUpload(context, request, label) : postAsset(context, request, label);
}
