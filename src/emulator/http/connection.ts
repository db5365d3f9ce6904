import { STATUS_CODES } from "node:http";
import type { Connection } from "../state.ts";

/** Closes the connection without an answer; without a connection, fails as such a fetch does. */
export function cut({ incoming }: Connection): Response {
  if (!incoming) throw new TypeError("fetch failed", { cause: new Error("the connection was cut") });
  incoming.socket.destroy();
  return new Response(null, { status: 500 });
}

/** Sends the answer a second time on the same connection, once the first is out. */
export async function sendAgain({ outgoing }: Connection, response: Response): Promise<void> {
  const socket = outgoing?.socket;
  if (!socket) return;
  const body = Buffer.from(await response.clone().arrayBuffer());
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}\r\n${headers}`;
  outgoing.once("finish", () => {
    socket.write(Buffer.concat([Buffer.from(`${head}content-length: ${body.length}\r\n\r\n`), body]));
  });
}
