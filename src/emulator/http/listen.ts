import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { MediaPreflightError } from "../../errors.ts";
import type { Connection } from "../state.ts";

export interface Listening {
  origin: string;
  close(): Promise<void>;
}

/**
 * Serves a handler on 127.0.0.1 and nowhere else.
 * @throws MediaPreflightError `usage` if the port is in use
 */
export function serveOnLoopback(
  handler: (request: Request, connection: Connection) => Promise<Response>,
  port: number,
): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: (request, connection) => handler(request, connection as Connection),
    // Tests of other projects run in this process: their global Request and Response are not replaced.
    overrideGlobalObjects: false,
  }) as Server;
  return listenOnLoopback(server, port);
}

/**
 * Lets a server listen on 127.0.0.1 and nowhere else.
 * @throws MediaPreflightError `usage` if the port is in use
 */
export async function listenOnLoopback(server: Server, port: number): Promise<Listening> {
  // Node's 5 s close a connection while a busy client writes its next request to it: a cut that no toggle set.
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === "EADDRINUSE" ? "is in use" : `cannot be used (${cause.code})`;
      const hint = "use another port, or 0 for any free one";
      reject(new MediaPreflightError("usage", `port ${port} ${taken}`, { cause, hint }));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
