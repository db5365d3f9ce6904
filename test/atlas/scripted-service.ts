import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as a scripted server received it. */
export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

export type Answer =
  | { status?: number; json?: unknown; text?: string; headers?: Record<string, string>; delay?: number }
  | "cut" // the connection is cut before any answer, after the request was read
  | "cut-answer" // cut in the middle of the answer
  | "never"; // no answer comes

/** An HTTP server on loopback that answers by a script and records the requests. */
export interface ScriptedService {
  url: string;
  seen: Seen[];
  close(): Promise<void>;
  /** Listens again on the same port after `close`. */
  reopen(): Promise<void>;
}

export async function scriptedService(
  script: (request: Seen, count: number) => Answer | Promise<Answer>,
): Promise<ScriptedService> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const one = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    seen.push(one);
    await reply(response, await script(one, seen.length));
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    reopen: () => listen(port),
  };
}

async function reply(response: ServerResponse, answer: Answer): Promise<void> {
  if (answer === "never") return;
  if (answer === "cut") return void response.destroy();
  if (answer === "cut-answer") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"code":200,"data":{"id":');
    setTimeout(() => response.destroy(), 20);
    return;
  }
  if (answer.delay) await new Promise((resolve) => setTimeout(resolve, answer.delay));
  const body = answer.text ?? (answer.json === undefined ? "" : JSON.stringify(answer.json));
  response.writeHead(answer.status ?? 200, {
    "content-type": answer.text === undefined ? "application/json" : "text/html",
    ...answer.headers,
  });
  response.end(body);
}
