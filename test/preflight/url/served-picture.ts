import { readFile } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import { join } from "node:path";
import { afterEach } from "vitest";
import { checkUrl as checkUrlInNode } from "../../../src/preflight/url/public-url.node.ts";
import type { UrlCheck } from "../../../src/preflight/url/public-url.ts";
import { type FileServer, fileServer, type Serving } from "../../bytes/file-server.ts";

/* A picture at a URL of this machine. Servers and connections are closed after each test. */

const open: { close?(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close?.()));
});
export const picture = await readFile(join(import.meta.dirname, "../../../fixtures/image/jpeg-640x480.jpg"));
export const serve = async (serving: Partial<Serving>): Promise<FileServer> => {
  const server = await fileServer({ bytes: picture, type: "image/jpeg", ...serving });
  open.push(server);
  return server;
};
/** Resolves every name to this machine. */
export const here: LookupFunction = (_host, options, callback) =>
  options.all ? callback(null, [{ address: "127.0.0.1", family: 4 }]) : callback(null, "127.0.0.1", 4);
export const check = async (address: string): Promise<UrlCheck> => {
  const checked = await checkUrlInNode(address, { allowPrivate: true, lookup: here });
  if (checked.source) open.push(checked.source);
  return checked;
};
/** Gives the same response to every request. */
export const answering = (
  status: number,
  headers: Record<string, string>,
  body: string | Uint8Array = "",
): Partial<Serving> => ({
  instead: (_, response) => Boolean(response.writeHead(status, headers).end(body)),
});
/** The page that a viewer returns instead of the file. */
export const page = "<!DOCTYPE html><title>Clip</title>";
