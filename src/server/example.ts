/**
 * Hono on Node with the handler mounted at /media. Start it with
 *
 *   ATLASCLOUD_API_KEY=… UPLOAD_TOKEN=… node src/server/example.ts
 *
 * or without a key: then it uses an emulator of the service. A file is sent by
 *
 *   curl -H "Authorization: Bearer $UPLOAD_TOKEN" -H "X-Asset-Name: sunset" -H "Content-Type: video/mp4" \
 *     --data-binary @sunset.mp4 http://127.0.0.1:8787/media/assets
 */
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { createAtlasClient } from "../atlas/client.ts";
import { createHandler } from "./index.ts";

const port = Number(process.env.PORT ?? 8787);
const token = process.env.UPLOAD_TOKEN ?? "try-it-out";

const handler = createHandler({
  atlas: await service(),
  // Your own sign-in goes here. The label names the user that ids are issued to.
  authorize: (request) =>
    request.headers.get("authorization") === `Bearer ${token}` && { ok: true, label: "example" },
  onEvent: (event) => console.error(JSON.stringify(describe(event))),
});

const app = new Hono();
app.get("/", (c) => c.text("POST a file to /media/assets; the protocol is in src/server/README.md\n"));
app.all("/media/*", (c) => handler(c.req.raw));
const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, (address) => {
  console.error(
    `http://127.0.0.1:${address.port}/media, UPLOAD_TOKEN=${token === "try-it-out" ? token : "…"}`,
  );
});
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => server.close(() => process.exit(0)));

/** The real service if there is a key, otherwise an emulator of it on this machine. */
async function service() {
  const apiKey = process.env.ATLASCLOUD_API_KEY;
  if (apiKey) {
    const { ATLASCLOUD_API_BASE_URL: apiBaseUrl, ATLASCLOUD_CONSOLE_BASE_URL: consoleBaseUrl } = process.env;
    return createAtlasClient({ apiKey, apiBaseUrl, consoleBaseUrl });
  }
  const { startEmulator } = await import("../emulator/index.ts");
  const { apiBaseUrl, consoleBaseUrl } = await startEmulator();
  console.error("no ATLASCLOUD_API_KEY: using an emulator, nothing leaves this machine");
  return createAtlasClient({ apiKey: "emulator", apiBaseUrl, consoleBaseUrl });
}

function describe(event: Parameters<NonNullable<Parameters<typeof createHandler>[0]["onEvent"]>>[0]): object {
  if (event.type === "refused") return { ...event, report: event.report.findings.map((f) => f.message) };
  return event.type === "error" ? { ...event, error: String(event.error) } : event;
}
