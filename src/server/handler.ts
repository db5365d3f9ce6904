import { messageWithHint } from "../report/blocking.ts";
import { authorizeRequest } from "./authorize.ts";
import { crossCheckWarning } from "./cross-check-missing.ts";
import { createEvents, type Events } from "./events.ts";
import { registrarWithLedger } from "./ledger-registrar.ts";
import type { HandlerOptions } from "./options.ts";
import { checkAllowedOrigins, checkOrigin, preflightAnswer, withCorsHeaders } from "./origin.ts";
import { registrarWithoutLedger } from "./registrar.ts";
import { routeOf } from "./route.ts";
import { getAsset, postAsset, postUpload, type RouteContext } from "./routes.ts";
import { clientOf, ledgerFor, secretsOf, validateOptions } from "./settings.ts";
import { Slots } from "./slots.ts";
import { createTickets } from "./ticket.ts";
import { createUploader } from "./uploader.ts";

/**
 * A page's way to the service: a Request → Response function that keeps the key, accepts bytes only, checks them again,
 * uploads and registers them. src/server/README.md describes its protocol.
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
        return preflightAnswer(origin, request.headers.get("access-control-request-headers"));
      const route = routeOf(request);
      label = await authorizeRequest(options.authorize, request);
      return withCorsHeaders(await dispatch(context, request, route, label), origin);
    } catch (error) {
      if (error instanceof Response) return withCorsHeaders(error, origin);
      const problem = events.tellError(error, label);
      const { status, headers } = problem;
      return withCorsHeaders(Response.json(problem.body(), { status, headers }), origin);
    }
  };
}

function createContext(options: HandlerOptions): RouteContext {
  validateOptions(options);
  const atlas = clientOf(options);
  const events = createEvents(options.onEvent);
  const issuer = crypto.randomUUID();
  const ledger = ledgerFor(options);
  const uploader = createUploader(atlas, issuer, events);
  const maxConcurrent = options.maxConcurrent ?? 16;
  return {
    options,
    atlas,
    events,
    uploader,
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
      : registrarWithoutLedger(atlas, uploader, issuer, events),
  };
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
  { collection, id }: ReturnType<typeof routeOf>,
  label: string | null,
): Promise<Response> {
  if (id !== null) return getAsset(context, request, { id, label });
  return collection === "uploads" ? postUpload(context, request, label) : postAsset(context, request, label);
}
