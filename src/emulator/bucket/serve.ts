import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { type Listening, listenOnLoopback } from "../http/listen.ts";
import type { LogLine } from "../options.ts";
import type { Toggles } from "../toggles.ts";
import type { Bucket } from "./bucket.ts";
import { type BucketFault, BucketFaults, faultError } from "./faults.ts";
import type { BucketSettings } from "./options.ts";
import { ConnectionCut } from "./receive-body.ts";
import { emptyResponse, type S3Response } from "./response.ts";
import { errorBody, S3Error } from "./s3-error.ts";
import { parseRequest, type S3Request } from "./signature/request.ts";

export interface BucketServerOptions {
  toggles(): Toggles;
  log(line: LogLine): void;
}

/** One request on its way. */
interface Attempt {
  request: S3Request;
  requestId: string;
  cors: Record<string, string>;
  operation: LogLine["operation"];
  fault: BucketFault | null;
  code: string | undefined;
}

/**
 * The bucket over HTTP. It reads requests as Node.js parses them, without `URL`, which would normalise the path that
 * the signature covers.
 */
export class BucketServer {
  readonly #bucket: Bucket;
  readonly #options: BucketServerOptions;
  readonly #faults: BucketFaults;

  constructor(bucket: Bucket, options: BucketServerOptions) {
    this.#bucket = bucket;
    this.#options = options;
    this.#faults = new BucketFaults(options.toggles().seed);
  }

  get settings(): BucketSettings {
    return this.#bucket.settings;
  }

  resetFaults(): void {
    this.#faults.reset(this.#options.toggles().seed);
  }

  /** @throws MediaPreflightError `usage` if the port is in use */
  listen(port: number): Promise<Listening> {
    const server = createServer((incoming, outgoing) => void this.#handle(incoming, outgoing));
    return listenOnLoopback(server, port);
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const started = performance.now();
    // A request that is destroyed while its body arrives no longer knows its socket.
    const { socket } = incoming;
    const attempt: Attempt = {
      request: parseRequest(incoming, this.#bucket.settings.name),
      requestId: randomBytes(8).toString("hex").toUpperCase(),
      cors: {},
      operation: null,
      fault: null,
      code: undefined,
    };
    const response = await this.#answer(attempt, incoming).catch(() => null);
    const cut =
      response === null || attempt.fault === "bucketCutAfter" || attempt.fault === "bucketCutDuring";
    // Before the response is sent: a client that has it finds its request in the log.
    this.#options.log({
      time: new Date().toISOString(),
      host: "bucket",
      method: attempt.request.method,
      path: attempt.request.rawPath,
      status: cut ? 0 : response.status,
      ms: Math.round(performance.now() - started),
      requestId: attempt.requestId,
      operation: attempt.operation,
      code: attempt.code,
      fault: attempt.fault,
    });
    try {
      if (response === null || attempt.fault === "bucketCutAfter") throw new ConnectionCut();
      await send(outgoing, response, attempt);
    } catch {
      // A fault, or a client that disconnected: no response can be sent.
      socket.destroy();
    }
  }

  /** @throws ConnectionCut */
  async #answer(attempt: Attempt, incoming: IncomingMessage): Promise<S3Response> {
    const { request } = attempt;
    try {
      attempt.cors = this.#bucket.corsHeaders(request);
      const verified = this.#bucket.verify(request);
      attempt.operation = verified.operation;
      attempt.fault = this.#faults.next(verified.operation, this.#options.toggles());
      if (attempt.fault === "bucketCutBefore") throw new ConnectionCut();
      const injected = faultError(attempt.fault);
      if (injected) throw injected;
      if (attempt.fault === "bucketErrorIn200") return errorIn200(attempt);
      const length = Number(request.headers.get("content-length") ?? 0);
      const cutAfter = attempt.fault === "bucketCutDuring" ? Math.floor(length / 2) : null;
      return await this.#bucket.perform(request, verified, incoming, cutAfter);
    } catch (error) {
      if (error instanceof ConnectionCut) throw error;
      const known =
        error instanceof S3Error
          ? error
          : new S3Error("InternalError", "We encountered an internal error. Please try again.");
      attempt.code = known.code;
      return errorResponse(known, attempt);
    }
  }
}

function errorResponse(error: S3Error, { request, requestId }: Attempt): S3Response {
  if (error.status === 304) return emptyResponse(304);
  const headers = { "content-type": "application/xml" };
  return { status: error.status, headers, body: errorBody(error, request.rawPath, requestId) };
}

/** S3 may begin to answer 200 before a long operation ends, and then has only the body to say that it failed. */
function errorIn200(attempt: Attempt): S3Response {
  const error = new S3Error("InternalError", "We encountered an internal error. Please try again.");
  attempt.code = error.code;
  return { ...errorResponse(error, attempt), status: 200 };
}

/** Writes an answer. @throws ConnectionCut for the fault in the middle; whatever reading the file throws */
async function send(outgoing: ServerResponse, response: S3Response, attempt: Attempt): Promise<void> {
  const { body } = response;
  const headers: Record<string, string> = {
    ...response.headers,
    ...attempt.cors,
    "x-amz-request-id": attempt.requestId,
    "x-amz-id-2": "media-preflight-emulator",
    server: "AmazonS3",
  };
  if (typeof body !== "object") {
    if (attempt.fault === "bucketCutDuring") throw new ConnectionCut();
    headers["content-length"] ??= String(Buffer.byteLength(body ?? ""));
    if (response.status === 204 || response.status === 304) delete headers["content-length"];
    outgoing.writeHead(response.status, headers);
    outgoing.end(attempt.request.method === "HEAD" ? undefined : body);
    return;
  }
  // Opened before the answer begins: an object that is deleted meanwhile is still sent completely.
  const file = await open(body.path, "r");
  try {
    outgoing.writeHead(response.status, headers);
    const cut = attempt.fault === "bucketCutDuring";
    const end = cut ? body.start + Math.floor((body.end - body.start) / 2) : body.end;
    await pipeline(file.createReadStream({ start: body.start, end, autoClose: false }), outgoing, {
      end: !cut,
    });
    if (cut) throw new ConnectionCut();
  } finally {
    await file.close();
  }
}
