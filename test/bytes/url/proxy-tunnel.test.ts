import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type LookupFunction } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { nodeGet } from "../../../src/bytes/url/pinned-get.node.ts";
import { checkUrl } from "../../../src/preflight/url/public-url.node.ts";
import { type FileServer, fileServer } from "../file-server.ts";

/* With a proxy, the address is resolved and checked here, and the proxy connects to that address. */

const open: (Server | FileServer)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of open.splice(0))
    await new Promise<void>(
      (resolve) => void Promise.resolve(server.close(() => resolve())).then(() => resolve()),
    );
});

/** A proxy that connects every CONNECT to one server on this machine, and records what it was asked. */
async function proxyTo(
  port: number,
  answer = 200,
): Promise<{ url: URL; asked: string[]; authorizations: unknown[] }> {
  const asked: string[] = [];
  const authorizations: unknown[] = [];
  const server = createServer();
  server.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    authorizations.push(request.headers["proxy-authorization"]);
    socket.on("error", () => {});
    if (answer !== 200) return void socket.end(`HTTP/1.1 ${answer} No\r\n\r\n`);
    const upstream = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(server);
  return {
    url: new URL(`http://user:pass@127.0.0.1:${(server.address() as AddressInfo).port}`),
    asked,
    authorizations,
  };
}

const resolving =
  (...addresses: string[]): LookupFunction =>
  (_, options, callback) => {
    const all = addresses.map((address) => ({ address, family: 4 }));
    if (options.all) callback(null, all);
    else callback(null, addresses[0] ?? "", 4);
  };

async function fileBehindProxy(answer?: number) {
  const server = await fileServer({ bytes: new Uint8Array([1, 2, 3]) });
  open.push(server);
  return { server, ...(await proxyTo(Number(new URL(server.url).port), answer)) };
}

describe("through a proxy", () => {
  test("the connection goes to the address that was resolved here, with the proxy's own credentials", async () => {
    const { url, asked, authorizations, server } = await fileBehindProxy();
    const get = nodeGet({ lookup: resolving("203.0.114.7"), proxyFor: () => url });
    const answer = await get(
      new URL("http://files.example.com/x.mp4"),
      { accept: "*/*" },
      new AbortController().signal,
    );
    expect(answer.status).toBe(200);
    answer.cancel();
    expect(asked).toEqual(["203.0.114.7:80"]);
    expect(authorizations).toEqual([`Basic ${Buffer.from("user:pass").toString("base64")}`]);
    expect(server.requests[0]?.headers).toMatchObject({ host: "files.example.com" });
    expect(server.requests[0]?.headers["proxy-authorization"]).toBeUndefined();
  });

  test.each([
    ["a name that resolves to a private address", "http://files.example.com/x", ["203.0.114.7", "10.0.0.8"]],
    ["a private address", "http://169.254.169.254/x", []],
  ])("%s is refused before the proxy is asked", async (_, address, addresses) => {
    const { url, asked } = await fileBehindProxy();
    const { findings } = await checkUrl(address, { lookup: resolving(...addresses), proxyFor: () => url });
    expect(findings).toMatchObject([{ rule: "url/private-address", verdict: "fail" }]);
    expect(asked).toEqual([]);
  });

  test.each([403, 407, 502])("that answers %i, the URL is unsure", async (status) => {
    const { url } = await fileBehindProxy(status);
    const lookup = resolving("203.0.114.7");
    const { source, findings } = await checkUrl("http://files.example.com/x", {
      lookup,
      proxyFor: () => url,
    });
    expect(source).toBeNull();
    expect(findings).toMatchObject([{ rule: "url/unverified", verdict: "unsure", reason: "unread" }]);
    expect(JSON.stringify(findings)).not.toContain("pass");
  });

  test("a name that only the proxy can resolve is unsure", async () => {
    const { url, asked } = await fileBehindProxy();
    const lookup: LookupFunction = (_, __, callback) =>
      callback(Object.assign(new Error("unknown"), { code: "ENOTFOUND" }), "", 4);
    const { findings } = await checkUrl("http://files.example.com/x", { lookup, proxyFor: () => url });
    expect(findings).toMatchObject([{ rule: "url/unverified", verdict: "unsure" }]);
    expect(asked).toEqual([]);
  });
});

describe("the environment's proxy", () => {
  const local = { lookup: resolving("127.0.0.1"), allowPrivate: true };
  const fetchOnce = async (address: string): Promise<void> => {
    const { source } = await checkUrl(address, local);
    await source?.close?.();
  };
  const environment = (variables: Record<string, string>): void => {
    for (const name of ["HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"]) vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  };

  test("is used only after opting in", async () => {
    const { url, asked, server } = await fileBehindProxy();
    const address = `http://files.example.com:${new URL(server.url).port}/x`;
    environment({ HTTP_PROXY: url.href, NODE_USE_ENV_PROXY: "1" });
    await fetchOnce(address);
    expect([asked.length, server.requests.length]).toEqual([1, 1]);
    environment({ HTTP_PROXY: url.href, NODE_USE_ENV_PROXY: "0" });
    await fetchOnce(address);
    expect([asked.length, server.requests.length]).toEqual([1, 2]);
  });

  test("is not used for hosts in NO_PROXY", async () => {
    const { url, asked, server } = await fileBehindProxy();
    const { port } = new URL(server.url);
    const address = `http://files.example.com:${port}/x`;
    for (const rule of [
      "*",
      "example.com",
      ".example.com",
      `files.example.com:${port}`,
      "a.test, example.com",
    ]) {
      environment({ HTTP_PROXY: url.href, NODE_USE_ENV_PROXY: "1", NO_PROXY: rule });
      await fetchOnce(address);
    }
    expect([asked.length, server.requests.length]).toEqual([0, 5]);
    environment({
      HTTP_PROXY: url.href,
      NODE_USE_ENV_PROXY: "1",
      NO_PROXY: "files.example.com:1,other.test",
    });
    await fetchOnce(address);
    expect(asked).toHaveLength(1);
  });
});

test("a name of this machine may only lead to this machine", async () => {
  const server = await fileServer({ bytes: new Uint8Array([1]) });
  open.push(server);
  const { port } = new URL(server.url);
  const policy = { allowPrivate: ({ hostname }: URL) => hostname.endsWith("localhost") };
  const get = nodeGet({ ...policy, lookup: resolving("10.0.0.8") });
  await expect(
    get(new URL(`http://a.localhost:${port}/x`), {}, new AbortController().signal),
  ).rejects.toMatchObject({
    code: "url-refused",
  });
  const local = nodeGet({ ...policy, lookup: resolving("127.0.0.1") });
  const answer = await local(new URL(`http://a.localhost:${port}/x`), {}, new AbortController().signal);
  expect(answer.status).toBe(200);
  answer.cancel();
  local.close?.();
});
