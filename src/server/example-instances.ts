/**
 * Two instances of the handler over one PostgreSQL ledger, behind a front that gives each request to the next of them,
 * as a load balancer would, and serves one page. The same file, sent to both at once, is registered once; an id that one
 * of them issued is valid at the other. Start it with
 *
 *   MEDIA_PREFLIGHT_LEDGER=postgres://user@host/database node src/server/example-instances.ts
 *
 * and open the address that it prints. Without ATLASCLOUD_API_KEY it uses an emulator of the service.
 */
import { randomBytes } from "node:crypto";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { createAtlasClient } from "../atlas/client.node.ts";
import type { AtlasClient } from "../atlas/types.ts";
import { postgresLedger } from "../ledger/postgres/postgres-ledger.node.ts";
import { createHandler } from "./index.ts";

const page = `<!doctype html><meta charset="utf-8"><title>Two instances, one ledger</title>
<h1>Send one file to both instances at once</h1><input type="file"><pre></pre><script>
const send = async (file) => {
  const headers = { "content-type": file.type, "x-file-name": encodeURIComponent(file.name) };
  const response = await fetch("/media/assets", { method: "POST", headers, body: file });
  const { asset, error } = await response.json();
  return response.headers.get("x-instance") + ": " + (asset ? "asset " + asset.id : error.message);
};
document.querySelector("input").onchange = async ({ target: { files: [file] } }) => {
  const answers = await Promise.all([send(file), send(file)]);
  document.querySelector("pre").textContent = answers.join("\\n");
};
</script>`;

const database = process.env.MEDIA_PREFLIGHT_LEDGER;
if (!database) {
  console.error("set MEDIA_PREFLIGHT_LEDGER=postgres://user@host/database");
  process.exit(2);
}
const atlas = await service();
/** Encrypts the ids that pages get: the same on every instance. In production it comes from the environment. */
const secret = process.env.HANDLER_SECRET ?? randomBytes(32).toString("base64");

/** What runs on each machine: a handler, and its own connections to the database. */
function instance(url: string, service: AtlasClient) {
  const ledger = postgresLedger(url);
  return {
    handle: createHandler({
      ...{ atlas: service, ledger, secret },
      // Your own sign-in goes here. All users of this example are one.
      authorize: () => ({ ok: true, label: "example" }),
    }),
    close: () => ledger.close(),
  };
}

const instances = [instance(database, atlas), instance(database, atlas)];
let requests = 0;
const app = new Hono();
app.get("/", (c) => c.html(page));
app.all("/media/*", async (c) => {
  const n = requests++ % instances.length;
  const answer = await (instances[n] as (typeof instances)[number]).handle(c.req.raw);
  const headers = new Headers(answer.headers);
  headers.set("x-instance", `instance ${n + 1}`);
  return new Response(answer.body, { status: answer.status, headers });
});
const server = serve(
  { fetch: app.fetch, port: Number(process.env.PORT ?? 8787), hostname: "127.0.0.1" },
  ({ port }) => console.error(`http://127.0.0.1:${port}/ gives each request to the next of two instances`),
);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, async () => {
    server.close();
    await Promise.all(instances.map(({ close }) => close()));
    process.exit(0);
  });

/** The real service if there is a key, otherwise an emulator of it on this machine. */
async function service(): Promise<AtlasClient> {
  if (process.env.ATLASCLOUD_API_KEY) return createAtlasClient();
  const { startEmulator } = await import("../emulator/index.ts");
  const { apiBaseUrl, consoleBaseUrl } = await startEmulator({
    onRequest: ({ method, path, status }) => console.error(`service: ${method} ${path} ${status}`),
  });
  console.error("no ATLASCLOUD_API_KEY: using an emulator, nothing leaves this machine");
  return createAtlasClient({ apiKey: "emulator", apiBaseUrl, consoleBaseUrl });
}
