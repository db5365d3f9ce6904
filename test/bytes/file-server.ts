import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How the server serves its one file. */
export interface Serving {
  bytes: Uint8Array;
  /** "none": answers 200 to everything; "refuse": 416 to any range. Default "serve". */
  ranges?: "serve" | "none" | "refuse";
  etag?: string | ((count: number) => string);
  type?: string;
  /** False: chunked, without a length. */
  length?: boolean;
  /** The most bytes that one range gets. */
  most?: number;
  /** Answers instead, where it returns true. */
  instead?: (request: IncomingMessage, response: ServerResponse, count: number) => boolean;
}

export interface FileServer {
  url: string;
  requests: { path: string; headers: IncomingMessage["headers"] }[];
  /** Bytes of bodies handed to the network. */
  sent: () => number;
  close(): Promise<void>;
}

/** A real HTTP server on loopback that serves one file, by ranges or not. */
export async function fileServer(serving: Serving): Promise<FileServer> {
  const requests: FileServer["requests"] = [];
  let sent = 0;
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? "", headers: request.headers });
    const count = requests.length;
    if (serving.instead?.(request, response, count)) return;
    const { bytes, etag } = serving;
    const tag = typeof etag === "function" ? etag(count) : etag;
    const headers: Record<string, string> = {
      "content-type": serving.type ?? "video/mp4",
      ...(tag && { etag: tag }),
    };
    const asked = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
    const current = !request.headers["if-range"] || request.headers["if-range"] === tag;
    if (asked && current && serving.ranges !== "none") {
      const from = Number(asked[1]);
      const to = Math.min(
        Number(asked[2]),
        bytes.byteLength - 1,
        from + (serving.most ?? Number.POSITIVE_INFINITY) - 1,
      );
      if (from >= bytes.byteLength || serving.ranges === "refuse") {
        response.writeHead(416, { "content-range": `bytes */${bytes.byteLength}` }).end();
        return;
      }
      headers["content-range"] = `bytes ${from}-${to}/${bytes.byteLength}`;
      headers["content-length"] = String(to - from + 1);
      response.writeHead(206, headers).end(bytes.subarray(from, to + 1));
      return;
    }
    if (serving.length !== false) headers["content-length"] = String(bytes.byteLength);
    response.writeHead(200, headers);
    let at = 0;
    const more = (): void => {
      while (at < bytes.byteLength) {
        const chunk = bytes.subarray(at, at + 65_536);
        at += chunk.byteLength;
        sent += chunk.byteLength;
        if (!response.write(chunk)) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sent: () => sent,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
