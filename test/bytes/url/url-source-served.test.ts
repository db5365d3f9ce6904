import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { OutOfReach } from "../../../src/bytes/source.ts";
import { UrlFault } from "../../../src/bytes/url/connection-error.ts";
import { nodeGet } from "../../../src/bytes/url/pinned-get.node.ts";
import { openUrl, type UrlOpened, type UrlOptions } from "../../../src/bytes/url/url-source.ts";
import { type FileServer, fileServer, type Serving } from "../file-server.ts";

/* Real servers: strong and weak validators, unknown sizes, error pages, and answers about another file. */

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8)) & 255);
const running: FileServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});
async function opened(
  serving: Partial<Serving>,
  options: UrlOptions = {},
): Promise<UrlOpened & { server: FileServer }> {
  const server = await fileServer({ bytes, ...serving });
  running.push(server);
  const address = new URL(`${server.url}/clip.mp4`);
  return { ...(await openUrl(address, nodeGet({ allowPrivate: true }), options)), server };
}
const faultOf = async (opening: Promise<unknown>): Promise<UrlFault> => {
  const fault = await opening.then(
    () => null,
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(UrlFault);
  return fault as UrlFault;
};
type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => boolean;
/** The requested range, with these headers. */
const part =
  (more: Record<string, string>, total = String(bytes.length)): Answer =>
  (request, response) => {
    const [, from = "", to = ""] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const end = Math.min(Number(to) + 1, bytes.length);
    if (Number(from) >= bytes.length) response.writeHead(416, { "content-range": `bytes */${total}` }).end();
    else
      response
        .writeHead(206, { "content-range": `bytes ${from}-${end - 1}/${total}`, ...more })
        .end(bytes.subarray(Number(from), end));
    return true;
  };

describe("the first answer", () => {
  test("is returned with its first bytes", async () => {
    const one = await opened({ etag: '"1"', type: "video/quicktime" });
    expect(one).toMatchObject({ contentType: "video/quicktime", etag: '"1"', ranged: true, hops: [] });
    expect([one.url.href, one.source.name]).toEqual([`${one.server.url}/clip.mp4`, "clip.mp4"]);
    expect(Buffer.compare(one.head, bytes.subarray(0, 65_536))).toBe(0);
    const whole = await opened({ ranges: "none", etag: '"1"' });
    expect([whole.ranged, whole.head.length, whole.etag]).toEqual([false, 200_000, '"1"']);
  });

  test.each<[string, Record<string, string>, etag: string | null, ifRange: string | undefined]>([
    ["a strong validator", { etag: '"1"', "last-modified": "yesterday" }, '"1"', '"1"'],
    ["a weak one, and a date", { etag: 'W/"1"', "last-modified": "yesterday" }, null, "yesterday"],
    ["a weak one alone", { etag: 'W/"1"' }, null, undefined],
    ["none", {}, null, undefined],
  ])("%s is used to validate later answers", async (_, headers, etag, ifRange) => {
    const one = await opened({ instead: part(headers) });
    expect(one.etag).toBe(etag);
    expect(await one.source.read(150_000, 10)).toHaveLength(10);
    expect(one.server.requests.map((request) => request.headers["if-range"])).toEqual([undefined, ifRange]);
  });

  test("may leave the size unknown: it is found at the end", async () => {
    const { source } = await opened({ instead: part({}, "*") });
    expect(source.size).toBeNull();
    const got = await source.read(190_000, 50_000);
    expect(Buffer.compare(got, bytes.subarray(190_000))).toBe(0);
    expect(await source.read(300_000, 10)).toHaveLength(0);
  });

  test.each([400, 405, 501])("may be %i for a range: then the whole file is requested", async (code) => {
    const { source, ranged, server } = await opened({
      ranges: "none",
      instead: (request, response) => Boolean(request.headers.range && response.writeHead(code).end()),
    });
    expect([ranged, source.size, server.requests.length]).toEqual([false, 200_000, 2]);
  });
});

describe("a read", () => {
  test("requests an uncompressed range of the same file", async () => {
    const { source, server } = await opened({ etag: '"1"' });
    await source.read(100_000, 10);
    const plain = { "accept-encoding": "identity", accept: "*/*" };
    expect(server.requests.map(({ headers }) => headers)).toMatchObject([
      { ...plain, range: "bytes=0-65535" },
      { ...plain, range: "bytes=100000-100009", "if-range": '"1"' },
    ]);
  });
  test("makes no request for bytes that were read before", async () => {
    const { source, server } = await opened({});
    expect(source.read(65_526, 10)).toBeInstanceOf(Uint8Array);
    expect(source.read(65_527, 10)).toBeInstanceOf(Promise);
    for (let i = 0; i < 3; i++) {
      const got = await source.read(150_000, 60_000);
      expect(Buffer.compare(got, bytes.subarray(150_000))).toBe(0);
    }
    expect(server.requests).toHaveLength(3);
  });
  test("is requested again if less came, at most 64 times; then the rest is out of reach", async () => {
    const { source } = await opened({ most: 70_000 });
    expect(Buffer.compare(await source.read(70_000, 130_000), bytes.subarray(70_000))).toBe(0);
    const slow = await opened({ most: 1 });
    expect(await slow.source.read(100, 64)).toHaveLength(64);
    await expect(Promise.resolve(slow.source.read(1000, 65))).rejects.toBeInstanceOf(OutOfReach);
  });
  test("is limited to a prefix if the server serves no ranges", async () => {
    const { source, head } = await opened({ ranges: "none" }, { prefix: 1000 });
    expect([source.size, source.reach, head.length]).toEqual([200_000, 1000, 1000]);
    expect(Buffer.compare(await source.read(990, 20), bytes.subarray(990, 1000))).toBe(0);
    const whole = await opened({ ranges: "none" });
    expect([whole.source.size, whole.source.reach]).toEqual([200_000, undefined]);
  });
  test("of an empty file has no bytes", async () => {
    const { source, ranged, head, server } = await opened({ bytes: new Uint8Array() });
    expect([source.size, source.reach, ranged, head.length]).toEqual([0, undefined, true, 0]);
    expect(server.requests).toHaveLength(1);
  });
  test("makes no request after the caller's signal", async () => {
    const left = { signal: AbortSignal.abort() };
    await expect(opened({}, left)).rejects.toMatchObject({ code: "aborted" });
    expect(running[0]?.requests).toEqual([]);
  });
  test("uses connections that the source closes", async () => {
    const ends: Promise<unknown>[] = [];
    const { source } = await opened({
      instead: (request) => {
        ends.push(once(request.socket, "close"));
        return false;
      },
    });
    await source.close?.();
    await Promise.all(ends);
  });
});

describe("an answer that is not the file", () => {
  test.each([
    ["another part than its start", { "content-range": "bytes 5-9/200000" }],
    ["a part that is not named", {}],
  ])("is %s", async (_, headers) => {
    const instead: Answer = (_request, response) => Boolean(response.writeHead(206, headers).end("12345"));
    await expect(opened({ instead })).rejects.toMatchObject({
      code: "network",
      retryable: false,
      hint: "the server's range support is broken: use another address",
    });
    expect(running[0]?.requests).toHaveLength(1);
  });

  test("is an error page, of which the beginning is kept, and it is requested once", async () => {
    const page = `<html>${"x".repeat(40_000)}`;
    const instead: Answer = (_, response) =>
      Boolean(response.writeHead(404, { "content-type": "text/html" }).end(page));
    const fault = await faultOf(opened({ instead }));
    expect(fault.problem).toMatchObject({ kind: "status", status: 404, contentType: "text/html" });
    const { problem } = fault;
    expect(problem.kind === "status" && Buffer.from(problem.head).toString()).toBe(page.slice(0, 16_384));
    expect(running[0]?.requests).toHaveLength(1);
  });

  test("is a compressed body", async () => {
    const fault = await faultOf(opened({ instead: part({ "content-encoding": "gzip" }) }));
    expect(fault.problem).toEqual({ kind: "encoded", encoding: "gzip" });
    const same = await opened({ instead: part({ "content-encoding": "Identity" }) });
    expect(same.source.size).toBe(200_000);
  });
});

describe("a later answer", () => {
  const second =
    (first: Answer, then: Answer): Answer =>
    (request, response, count) =>
      (count === 1 ? first : then)(request, response, count);
  const plain = part({ etag: '"1"' });
  const says =
    (status: number, headers: Record<string, string>, body = ""): Answer =>
    (_, response) =>
      Boolean(response.writeHead(status, headers).end(body));

  test.each<[string, Answer]>([
    ["of the whole file", says(200, {}, "x")],
    ["that there is no such part", says(416, { "content-range": "bytes */5" })],
    ["of a file of another size", part({ etag: '"1"' }, "200001")],
    ["of another version", part({ etag: '"2"' })],
  ])("%s means that the file changed", async (_, then) => {
    const { source } = await opened({ instead: second(plain, then) });
    await expect(Promise.resolve(source.read(150_000, 10))).rejects.toMatchObject({
      code: "changed",
      message: expect.stringMatching(/^the file changed while it was being read: http/),
      hint: "run it again",
    });
  });

  test.each<[string, Answer]>([
    ["of a part that was not asked for", says(206, { "content-range": "bytes 5-9/200000" }, "12345")],
    [
      "of more than was asked for",
      says(206, { "content-range": "bytes 150000-150010/200000" }, "x".repeat(11)),
    ],
    ["of a part that it does not name", says(206, {}, "x")],
  ])("%s is the server's error, and not retried", async (_, then) => {
    const { source, server } = await opened({ instead: second(plain, then) });
    await expect(Promise.resolve(source.read(150_000, 10))).rejects.toMatchObject({
      code: "network",
      retryable: false,
      message: expect.stringContaining("another range than requested"),
    });
    expect(server.requests).toHaveLength(2);
  });

  test("with an error status reports it", async () => {
    const { source } = await opened({
      instead: second(plain, says(403, { "content-type": "text/xml" }, "<Error/>")),
    });
    const { problem } = await faultOf(Promise.resolve(source.read(150_000, 10)));
    expect(problem).toMatchObject({ kind: "status", status: 403, contentType: "text/xml" });
    expect(problem.kind === "status" && Buffer.from(problem.head).toString()).toBe("<Error/>");
  });
});
