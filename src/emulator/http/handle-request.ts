import type { Hono } from "hono";
import { apiHost } from "../hosts/api.ts";
import { consoleHost } from "../hosts/console.ts";
import { publicPath, publicPaths } from "../hosts/public.ts";
import { storageHost } from "../hosts/storage.ts";
import type { LogLine } from "../options.ts";
import type { Connection, EmulatorState } from "../state.ts";
import { randomId } from "../store.ts";
import type { Operation, Toggles } from "../toggles.ts";
import { cut, sendAgain } from "./connection.ts";
import { type Fault, Faults, faultStatus } from "./faults.ts";
import { operationOf } from "./operation.ts";
import { type ErrorStatus, type Host, html, refusal } from "./wire.ts";

const maxLoggedRequests = 10_000;

export interface RequestHandlerOptions {
  /** The only key that is accepted; undefined: any. */
  key: string | undefined;
  onRequest: ((line: LogLine) => void) | undefined;
}

/** Answers requests to both hosts: routes them, checks the key, injects faults and writes the log. */
export class RequestHandler {
  readonly requests: LogLine[] = [];
  readonly #state: EmulatorState;
  readonly #options: RequestHandlerOptions;
  readonly #faults: Faults;
  readonly #apps: Readonly<Record<Host | "storage" | "public", Hono>>;

  constructor(state: EmulatorState, options: RequestHandlerOptions) {
    this.#state = state;
    this.#options = options;
    this.#faults = new Faults(state.toggles.seed);
    this.#apps = {
      api: apiHost(state),
      console: consoleHost(state),
      storage: storageHost(state),
      public: publicPaths(state),
    };
  }

  /** Faults are counted again. */
  resetFaults(): void {
    this.#faults.reset(this.#state.toggles.seed);
  }

  /** @param port the host whose port the request came to; its Host header may name the other one */
  async handle(port: Host, given: Request, connection: Connection): Promise<Response> {
    const request = withoutTrailingSlash(given);
    const { hostname, pathname } = new URL(request.url);
    const host = hostOf(hostname) ?? port;
    const stored = host === "api" && pathname.startsWith("/storage/");
    const context: RequestContext = {
      host,
      path: pathname,
      app: stored ? "storage" : publicPath(pathname) ? "public" : host,
      operation: stored ? null : operationOf(host, request.method, pathname),
      needsKey: !stored && (publicPath(pathname)?.key ?? true),
      requestId: randomId(8),
      started: performance.now(),
    };
    const refused = this.#refusalOf(request, context);
    const fault = refused ? null : this.#faults.next(context.operation, this.#state.toggles);
    const log = (status: number): void => this.#log(request, context, status, fault);
    if (fault === "cutBefore") {
      log(0);
      return cut(connection);
    }
    const respond = async (): Promise<Response> => this.#apps[context.app].fetch(request, connection);
    const response = refused ?? (await this.#withFault(fault, respond, host));
    if (fault === "cutAfter") {
      await response.body?.cancel();
      log(0);
      return cut(connection);
    }
    const { delayMs } = this.#state.toggles;
    if (fault === "delayed") await new Promise((resolve) => setTimeout(resolve, delayMs));
    const marked = new Response(response.body, response);
    marked.headers.set("x-request-id", context.requestId);
    if (fault === "duplicated") await sendAgain(connection, marked);
    log(marked.status);
    return marked;
  }

  /** Refusals that do not depend on the operation: a default User-Agent, a wrong key, an account without credit. */
  #refusalOf(request: Request, { host, needsKey, operation }: RequestContext): Response | null {
    const { toggles } = this.#state;
    if (toggles.userAgentFilter && host === "api" && isDefaultUserAgent(request.headers.get("user-agent")))
      return new Response("error code: 1010", { status: 403, headers: { "content-type": "text/plain" } });
    if (needsKey && !hasKey(request.headers.get("authorization"), this.#options.key))
      return refusal(host, 401, "Unauthorized", toggles);
    const status = operation && this.#faults.persistentStatus(toggles);
    return status ? refusal(host, status, status === 401 ? "Unauthorized" : "AccountOverdue", toggles) : null;
  }

  async #withFault(fault: Fault | null, respond: () => Promise<Response>, host: Host): Promise<Response> {
    const { toggles } = this.#state;
    if (fault === "redirected")
      return new Response(null, {
        status: 302,
        headers: { location: "https://sign-in.example/?next=upload" },
      });
    if (fault === "htmlPage") return html(200, "Sign in");
    const status = fault ? faultStatus[fault] : undefined;
    if (status === undefined) return respond();
    if (fault === "serverErrorAfter") await respond();
    if (fault === "html403") return html(403, "Forbidden");
    const message = status === 429 ? "RequestLimitExceeded" : "InternalError";
    return withRetryAfter(refusal(host, status, message, toggles), status, toggles);
  }

  #log(request: Request, context: RequestContext, status: number, fault: Fault | null): void {
    const line: LogLine = {
      time: new Date().toISOString(),
      host: context.app === "storage" ? "storage" : context.host,
      method: request.method,
      path: context.path,
      status,
      ms: Math.round(performance.now() - context.started),
      requestId: context.requestId,
      operation: context.operation,
      fault,
    };
    this.log(line);
  }

  /** Adds a line to the log, and reports it to `onRequest`. */
  log(line: LogLine): void {
    this.requests.push(line);
    if (this.requests.length > maxLoggedRequests) this.requests.shift();
    this.#options.onRequest?.(line);
  }
}

interface RequestContext {
  host: Host;
  path: string;
  app: Host | "storage" | "public";
  operation: Operation | null;
  needsKey: boolean;
  requestId: string;
  /** By performance.now(). */
  started: number;
}

/** The host by its name, as one official client derives the console's name from that of the api; else null. */
export function hostOf(hostname: string): Host | null {
  if (hostname.startsWith("console")) return "console";
  return hostname.startsWith("api.") ? "api" : null;
}

function withoutTrailingSlash(request: Request): Request {
  const url = new URL(request.url);
  if (url.pathname === "/" || !url.pathname.endsWith("/")) return request;
  url.pathname = url.pathname.replace(/\/+$/, "");
  const { method, headers, body } = request;
  return new Request(url, { method, headers, ...(body && { body, duplex: "half" }) } as RequestInit);
}

/** The default User-Agent of HTTP libraries. */
function isDefaultUserAgent(value: string | null): boolean {
  return !value || /^(?:node|undici|axios|python-|curl|Go-http-client|okhttp|Java|Deno|Bun)\b/i.test(value);
}

function hasKey(header: string | null, key: string | undefined): boolean {
  const given = /^Bearer\s+(\S+)\s*$/i.exec(header ?? "")?.[1];
  return given !== undefined && (key === undefined || given === key);
}

function withRetryAfter(response: Response, status: ErrorStatus, toggles: Toggles): Response {
  if (toggles.retryAfter <= 0 || (status !== 429 && status !== 503)) return response;
  const date = new Date(Date.now() + toggles.retryAfter * 1000).toUTCString();
  response.headers.set("retry-after", toggles.retryAfterDate ? date : String(toggles.retryAfter));
  return response;
}
