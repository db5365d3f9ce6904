import type { LookupFunction } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { nodeGet } from "../../src/bytes/url-get.node.ts";
import { type FileServer, fileServer, type Serving } from "./file-server.ts";

/* GET on Node, of a real server on this machine: what is sent, where it leads, and what is said where it leads nowhere. */

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

test("names this package, and sends neither the user nor the password of an address", async () => {
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

test("gives a header's first value, and null where there is none", async () => {
  const { url } = await serve((_, response) =>
    Boolean(response.writeHead(200, { "set-cookie": ["a=1", "b=2"], etag: '"1"' }).end()),
  );
  const { header } = await allowed(new URL(url), {}, stay);
  expect([header("set-cookie"), header("etag"), header("content-range")]).toEqual(["a=1", '"1"', null]);
});

describe("a redirect", () => {
  const leading = (status: number, location?: string) =>
    serve((request, response) => {
      if (request.url !== "/a/first") return false;
      response.writeHead(status, location === undefined ? {} : { location }).end();
      return true;
    });
  test.each([301, 302, 303, 307, 308])("of %i is followed, from where it stands", async (status) => {
    const { url, requests } = await leading(status, "../b/second?c=1");
    const { url: final, hops } = await allowed(new URL(`${url}/a/first`), {}, stay);
    expect([final.href, hops.map(({ href }) => href)]).toEqual([`${url}/b/second?c=1`, [`${url}/a/first`]]);
    expect(requests.map(({ path }) => path)).toEqual(["/a/first", "/b/second?c=1"]);
  });
  test.each([300, 304])("of %i is an answer", async (status) => {
    const { url } = await leading(status, "/b");
    expect((await allowed(new URL(`${url}/a/first`), {}, stay)).status).toBe(status);
  });
  test("that leads nowhere is an answer, too", async () => {
    const { url } = await leading(302);
    expect((await allowed(new URL(`${url}/a/first`), {}, stay)).status).toBe(302);
  });
  test.each([
    ["http://", { kind: "scheme", scheme: "a redirect to what is no address" }],
    ["ftp://a.example/x", { kind: "scheme", scheme: "ftp:" }],
  ])("to %s is refused", async (location, trouble) => {
    const { url } = await leading(302, location);
    await expect(allowed(new URL(`${url}/a/first`), {}, stay)).rejects.toMatchObject({ trouble });
  });
  test("from where one may go to where one may not is refused, and not asked", async () => {
    const { url, requests } = await leading(302, "http://127.0.0.2:9/x");
    const some = nodeGet({ allowPrivate: ({ hostname }) => hostname === "127.0.0.1" });
    await expect(some(new URL(`${url}/a/first`), {}, stay)).rejects.toMatchObject({
      trouble: { kind: "private", why: "loopback", host: "127.0.0.2", redirected: true },
    });
    expect(requests).toHaveLength(1);
  });
});

describe("where nobody answers", () => {
  const lookup =
    (code: string): LookupFunction =>
    (_host, _options, callback) =>
      callback(Object.assign(new Error("no such host"), { code }), "", 4);
  test.each([
    ["ENOTFOUND", false, "no such host: check the address"],
    ["EAI_AGAIN", true, "is the address right, and the network up?"],
  ])("the trouble is said, %s, without secrets", async (code, retryable, hint) => {
    const get = nodeGet({ lookup: lookup(code) });
    await expect(get(new URL("http://a.example/x?sig=S"), {}, stay)).rejects.toMatchObject({
      code: "network",
      message: `cannot fetch http://a.example/x?… (${code})`,
      retryable,
      hint,
      cause: { message: "http://a.example/x?…", code },
    });
  });
  test("a caller who has left is told so in the caller's own words", async () => {
    const { url } = await serve(() => true);
    const leaving = new AbortController();
    const asking = allowed(new URL(url), {}, leaving.signal);
    leaving.abort(new Error("left"));
    await expect(asking).rejects.toThrow("left");
  });
  test("an answer that breaks off is the network's fault", async () => {
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
