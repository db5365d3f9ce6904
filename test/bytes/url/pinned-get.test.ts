import { once } from "node:events";
import type { LookupFunction } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { nodeGet } from "../../../src/bytes/url/pinned-get.node.ts";
import { type FileServer, fileServer, type Serving } from "../file-server.ts";

/* GET in Node.js against a server on this machine: its request, redirects, connections and errors. */

const stay = new AbortController().signal;
const running: FileServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});
const serve = async (instead: NonNullable<Serving["instead"]>): Promise<FileServer> => {
  const server = await fileServer({ bytes: new Uint8Array([1, 2, 3]), instead });
  running.push(server);
  return server;
};
const allowed = nodeGet({ allowPrivate: true });
const plain = (): boolean => false;

test("sends this package's User-Agent, and neither user name nor password of the URL", async () => {
  const { url, requests } = await serve(plain);
  const address = new URL("/x.mp4?a=1", url.replace("http://", "http://u:p@"));
  const answer = await allowed(address, { accept: "*/*" }, stay);
  expect([answer.status, answer.url, answer.hops]).toEqual([200, address, []]);
  expect(requests[0]).toMatchObject({
    path: "/x.mp4?a=1",
    headers: { "user-agent": "media-preflight", accept: "*/*" },
  });
  expect(requests[0]?.headers.authorization).toBeUndefined();
  answer.cancel();
});

test("returns the first value of a header, or null", async () => {
  const { url } = await serve((_, response) =>
    Boolean(response.writeHead(200, { "set-cookie": ["a=1", "b=2"], etag: '"1"' }).end()),
  );
  const { header } = await allowed(new URL(url), {}, stay);
  expect([header("set-cookie"), header("etag"), header("content-range")]).toEqual(["a=1", '"1"', null]);
});

const drained = async (body: AsyncIterable<Uint8Array>): Promise<number> => {
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.length;
  return bytes;
};

describe("connections", () => {
  test("are reused until they are closed", async () => {
    const ports = new Set<number | undefined>();
    let closed: Promise<unknown> = Promise.resolve();
    const { url } = await serve((request) => {
      ports.add(request.socket.remotePort);
      closed = once(request.socket, "close");
      return false;
    });
    const get = nodeGet({ allowPrivate: true });
    for (let i = 0; i < 3; i++) expect(await drained((await get(new URL(url), {}, stay)).body)).toBe(3);
    expect(ports.size).toBe(1);
    get.close?.();
    await closed;
  });
  test("are closed when an answer is cancelled", async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const { url } = await serve((_, response) => {
      closed = once(response, "close");
      return response.writeHead(200).write("x");
    });
    (await allowed(new URL(url), {}, stay)).cancel();
    await closed;
  });
  test("to https use TLS", async () => {
    const { url } = await serve(plain);
    await expect(allowed(new URL(url.replace("http:", "https:")), {}, stay)).rejects.toMatchObject({
      code: "network",
      message: expect.stringMatching(/^cannot fetch https:.* \(\w*(SSL|EPROTO)\w*\)$/),
    });
  });
});

describe("an address that is not public", () => {
  const resolving =
    (...addresses: string[]): LookupFunction =>
    (_host, options, callback) =>
      options.all
        ? callback(
            null,
            addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
          )
        : callback(null, addresses[0] ?? "", 4);

  test("is refused by its spelling, before any request", async () => {
    await expect(nodeGet()(new URL("http://127.0.0.1:9/"), {}, stay)).rejects.toMatchObject({
      problem: { kind: "private", why: "loopback", host: "127.0.0.1", redirected: false },
    });
    await expect(nodeGet()(new URL("ftp://a.example/"), {}, stay)).rejects.toMatchObject({
      problem: { kind: "scheme", scheme: "ftp:" },
    });
  });
  test.each([
    [["169.254.169.254"], "link-local"],
    [["8.8.8.8", "10.0.0.1"], "private"],
    [["::1"], "loopback"],
  ])("is refused by what its name resolves to: %j", async (addresses, why) => {
    const get = nodeGet({ lookup: resolving(...addresses) });
    await expect(get(new URL("http://a.example:9/"), {}, stay)).rejects.toMatchObject({
      problem: { kind: "private", why, host: "a.example", redirected: false },
    });
  });
  test("is refused on a connection that was opened while it was allowed", async () => {
    const { url, requests } = await serve(plain);
    const get = nodeGet({
      lookup: resolving("127.0.0.1"),
      allowPrivate: ({ pathname }) => pathname === "/free",
    });
    const at = (path: string): URL => new URL(path, url.replace("127.0.0.1", "a.example"));
    expect(await drained((await get(at("/free"), {}, stay)).body)).toBe(3);
    await expect(get(at("/other"), {}, stay)).rejects.toMatchObject({
      problem: { kind: "private", why: "loopback", host: "a.example" },
    });
    expect(requests[0]?.path).toBe("/free");
    get.close?.();
  });
});

describe("a redirect", () => {
  const leading = (status: number, location?: string) =>
    serve((request, response) => {
      if (request.url !== "/a/first") return false;
      response.writeHead(status, location === undefined ? {} : { location }).end();
      return true;
    });
  test.each([301, 302, 303, 307, 308])("of %i is followed, relative to its own URL", async (status) => {
    const { url, requests } = await leading(status, "../b/second?c=1");
    const { url: final, hops } = await allowed(new URL(`${url}/a/first`), {}, stay);
    expect([final.href, hops.map(({ href }) => href)]).toEqual([`${url}/b/second?c=1`, [`${url}/a/first`]]);
    expect(requests.map(({ path }) => path)).toEqual(["/a/first", "/b/second?c=1"]);
  });
  test.each([300, 304])("of %i is an answer", async (status) => {
    const { url } = await leading(status, "/b");
    expect((await allowed(new URL(`${url}/a/first`), {}, stay)).status).toBe(status);
  });
  test("without a Location is an answer, too", async () => {
    const { url } = await leading(302);
    expect((await allowed(new URL(`${url}/a/first`), {}, stay)).status).toBe(302);
  });
  test.each([
    ["http://", { kind: "scheme", scheme: "a redirect to an invalid address" }],
    ["ftp://a.example/x", { kind: "scheme", scheme: "ftp:" }],
  ])("to %s is refused", async (location, problem) => {
    const { url } = await leading(302, location);
    await expect(allowed(new URL(`${url}/a/first`), {}, stay)).rejects.toMatchObject({ problem });
  });
  test("is followed five times, not six", async () => {
    const { url, requests } = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) return false;
      response.writeHead(302, { location: `/${left - 1}` }).end();
      return true;
    });
    expect((await allowed(new URL("/5", url), {}, stay)).hops).toHaveLength(5);
    const before = requests.length;
    await expect(allowed(new URL("/6", url), {}, stay)).rejects.toMatchObject({
      problem: { kind: "redirects", hops: 5 },
    });
    expect(requests.length - before).toBe(6);
  });
  test("from an allowed to a private address is refused without a request", async () => {
    const { url, requests } = await leading(302, "http://127.0.0.2:9/x");
    const some = nodeGet({ allowPrivate: ({ hostname }) => hostname === "127.0.0.1" });
    await expect(some(new URL(`${url}/a/first`), {}, stay)).rejects.toMatchObject({
      problem: { kind: "private", why: "loopback", host: "127.0.0.2", redirected: true },
    });
    expect(requests).toHaveLength(1);
  });
});

describe("without an answer", () => {
  const lookup =
    (code: string): LookupFunction =>
    (_host, _options, callback) =>
      callback(Object.assign(new Error("no such host"), { code }), "", 4);
  test.each([
    ["ENOTFOUND", false, "no such host: check the address"],
    ["EAI_AGAIN", true, "is the address right, and the network up?"],
  ])("the error has the code %s and no secrets", async (code, retryable, hint) => {
    const get = nodeGet({ lookup: lookup(code) });
    await expect(get(new URL("http://a.example/x?sig=S"), {}, stay)).rejects.toMatchObject({
      code: "network",
      message: `cannot fetch http://a.example/x?… (${code})`,
      retryable,
      hint,
      cause: { message: "http://a.example/x?…", code },
    });
  });
  test("the caller's signal is the caller's own reason", async () => {
    const { url } = await serve(() => true);
    const leaving = new AbortController();
    const asking = allowed(new URL(url), {}, leaving.signal);
    leaving.abort(new Error("left"));
    await expect(asking).rejects.toThrow("left");
  });
  test("an answer that breaks off is a network error", async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("x", () => response.destroy());
      return true;
    });
    const { body } = await allowed(new URL(`${url}/x?sig=S`), {}, stay);
    const read = async (): Promise<void> => {
      for await (const _ of body);
    };
    await expect(read()).rejects.toMatchObject({
      code: "network",
      message: expect.stringMatching(/^cannot fetch http:\/\/127\.0\.0\.1:\d+\/x\?… \(\w+\)$/),
      retryable: true,
    });
  });
});
