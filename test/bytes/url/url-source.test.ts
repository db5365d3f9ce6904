import type { LookupFunction } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { fetchGet } from "../../../src/bytes/url/fetch-range.ts";
import type { UrlGet } from "../../../src/bytes/url/get.ts";
import { nodeGet } from "../../../src/bytes/url/pinned-get.node.ts";
import { openUrl, type UrlOpened, type UrlOptions } from "../../../src/bytes/url/url-source.ts";
import { readEvidence } from "../../facts/read-evidence.ts";
import { type FileServer, fileServer, type Serving } from "../file-server.ts";

const bytes = Uint8Array.from({ length: 400_000 }, (_, i) => (i * 7 + (i >> 8)) & 255);
const open: FileServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
const serve = async (serving: Partial<Serving> = {}): Promise<FileServer> => {
  const server = await fileServer({ bytes, ...serving });
  open.push(server);
  return server;
};
const allowed = { allowPrivate: true };
const gets: [string, () => UrlGet][] = [
  ["node:http", () => nodeGet(allowed)],
  ["fetch", () => fetchGet(allowed)],
];

describe.each(gets)("by %s", (_name, get) => {
  const opened = async (
    serving: Partial<Serving>,
    options: UrlOptions = {},
  ): Promise<UrlOpened & { server: FileServer }> => {
    const server = await serve(serving);
    return { ...(await openUrl(new URL(`${server.url}/a/clip%20one.mp4?sig=S`), get(), options)), server };
  };

  it("requests recently read bytes only once", async () => {
    const long = Uint8Array.from({ length: 9 * 2 ** 20 }, (_, i) => (i * 7 + (i >> 8)) & 255);
    const { source, server } = await opened({ bytes: long, etag: '"1"' });
    const looked = async (from: number, length: number): Promise<number> => {
      const read = await source.read(from, length);
      expect(Buffer.from(read).equals(Buffer.from(long.subarray(from, from + length)))).toBe(true);
      return server.requests.length;
    };
    expect(await looked(100_000, 50_000)).toBe(2);
    expect(await looked(long.length - 1000, 5000)).toBe(3);
    expect(await looked(100_000, 50_000)).toBe(3);
    expect(await looked(149_999, 1)).toBe(3);
    expect(await looked(long.length - 900, 900)).toBe(3);
    // A byte more on either side was not had.
    expect(await looked(149_999, 2)).toBe(4);
    expect(await looked(99_999, 2)).toBe(5);
    expect(await looked(2 ** 20, 4 * 2 ** 20 - 60_000)).toBe(6);
    expect(await looked(2 ** 20, 1)).toBe(6);
    expect(await looked(100_000, 50_000)).toBe(6);
    expect(await looked(6 * 2 ** 20, 60_000)).toBe(7);
    expect(await looked(100_000, 50_000)).toBe(8);
  });

  it("ranges return exactly the requested bytes, and little more is fetched", async () => {
    const { source, server, ranged } = await opened({ etag: '"1"' });
    expect({ size: source.size, name: source.name, ranged }).toEqual({
      size: 400_000,
      name: "clip one.mp4",
      ranged: true,
    });
    for (const [from, length] of [
      [0, 10],
      [65_530, 10],
      [65_536, 1],
      [399_990, 100],
      [200_000, 70_000],
    ] as const)
      expect(
        Buffer.from(await source.read(from, length)).equals(Buffer.from(bytes.subarray(from, from + length))),
      ).toBe(true);
    const [first, second] = server.requests;
    expect(first?.headers).toMatchObject({
      range: "bytes=0-65535",
      "accept-encoding": expect.stringContaining("identity"),
    });
    expect(second?.headers).toMatchObject({ "if-range": '"1"' });
    expect(
      server.requests.every(({ headers }) => !headers.cookie && !headers.authorization && !headers.referer),
    ).toBe(true);
    await source.close?.();
  });

  it("the rest is requested if a server returns less than requested", async () => {
    const { source } = await opened({ most: 70_000 });
    expect((await source.read(100_000, 200_000)).byteLength).toBe(200_000);
  });

  it.each(["none", "refuse"] as const)(
    "ranges %s: a bounded prefix, the rest out of reach",
    async (ranges) => {
      const { source, ranged, server } = await opened(
        { ranges, bytes: new Uint8Array(60_000_000).fill(0) },
        { prefix: 100_000 },
      );
      expect({ size: source.size, reach: source.reach, ranged }).toEqual({
        size: 60_000_000,
        reach: 100_000,
        ranged: false,
      });
      expect((await source.read(99_990, 10)).byteLength).toBe(10);
      expect(server.sent()).toBeLessThan(20_000_000);
    },
  );

  it("a file that fits into the prefix is complete, with or without a Content-Length", async () => {
    for (const length of [true, false]) {
      const { source } = await opened({ ranges: "none", length });
      expect({ size: source.size, reach: source.reach }).toEqual({ size: 400_000, reach: undefined });
    }
  });

  it("facts beyond the prefix are unread, not damage", async () => {
    const riff = new Uint8Array(300_000);
    const header = "RIFF\0\0\0\0WAVELIST\0\0\0\0";
    for (let i = 0; i < header.length; i++) riff[i] = header.charCodeAt(i);
    const view = new DataView(riff.buffer);
    view.setUint32(4, 299_992, true);
    view.setUint32(16, 250_000, true); // fmt and data would come behind it
    const { source } = await opened({ ranges: "none", bytes: riff }, { prefix: 100_000 });
    const evidence = await readEvidence(source);
    expect(evidence.format).toBe("wav");
    expect(evidence.unread).toContainEqual(expect.objectContaining({ why: { code: "out-of-reach" } }));
    expect(evidence.damage).toEqual([]);
  });

  it("an empty file has no bytes", async () => {
    expect((await opened({ bytes: new Uint8Array() })).source.size).toBe(0);
  });

  it("a file that changes between two reads is an error", async () => {
    const { source } = await opened({ etag: (count) => `"${count}"` });
    await expect(source.read(300_000, 10)).rejects.toMatchObject({ code: "changed" });
  });

  it("truncated, late, compressed answers and other ranges are errors", async () => {
    const cut = opened({
      instead: (_, response) => {
        response.writeHead(206, { "content-range": "bytes 0-65535/400000", "content-length": "65536" });
        response.write(bytes.subarray(0, 1000));
        setTimeout(() => response.destroy(), 5);
        return true;
      },
    });
    await expect(cut).rejects.toMatchObject({ code: "network" });
    await expect(opened({ instead: () => true }, { timeout: 50 })).rejects.toMatchObject({ code: "timeout" });
    const wrong = opened({
      instead: (_, response) => {
        response.writeHead(206, { "content-range": "bytes 5-9/400000" }).end("12345");
        return true;
      },
    });
    await expect(wrong).rejects.toMatchObject({ code: "network" });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    await expect(opened({ instead: () => true }, { signal: stop.signal })).rejects.toMatchObject({
      code: "aborted",
    });
  });

  it("a short outage is survived", async () => {
    const { source } = await opened({
      instead: (_, response, count) => {
        if (count > 2) return false;
        if (count === 1) response.destroy();
        else response.writeHead(503).end();
        return true;
      },
    });
    expect(source.size).toBe(400_000);
  });
});

describe("nodeGet checks every redirect and connection", () => {
  const resolvesTo =
    (...addresses: string[]): LookupFunction =>
    (_host, options, callback) => {
      const all = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
      if (options.all) callback(null, all);
      else callback(null, addresses[0] ?? "", 4);
    };

  it("a name with a private address among its addresses is refused without a connection", async () => {
    const server = await serve();
    const port = new URL(server.url).port;
    for (const addresses of [
      ["127.0.0.1"],
      ["93.184.216.34", "127.0.0.1"],
      ["::1"],
      ["::ffff:127.0.0.1"],
      ["169.254.169.254"],
    ]) {
      const get = nodeGet({ lookup: resolvesTo(...addresses) });
      const error = await openUrl(new URL(`http://rebind.example.com:${port}/x?sig=S`), get).catch(
        (e: unknown) => e,
      );
      expect(error).toMatchObject({
        code: "url-refused",
        problem: { kind: "private", host: "rebind.example.com" },
      });
      expect(JSON.stringify(error) + String(error)).not.toContain("sig=S");
    }
    expect(server.requests).toHaveLength(0);
  });

  it("five redirects are followed, six are not, and another scheme never", async () => {
    const server = await serve({
      instead: (request, response) => {
        const left = Number(request.url?.split("/").at(-1));
        if (!(left > 0)) return false;
        response.writeHead(302, { location: `/${left - 1}`, "set-cookie": "a=1" }).end();
        return true;
      },
    });
    const { hops, url, source } = await openUrl(new URL(`${server.url}/5`), nodeGet(allowed));
    expect([hops.length, url.pathname, source.size]).toEqual([5, "/0", 400_000]);
    expect(server.requests.every(({ headers }) => headers.cookie === undefined)).toBe(true);
    await expect(openUrl(new URL(`${server.url}/6`), nodeGet(allowed))).rejects.toMatchObject({
      problem: { kind: "redirects" },
    });
    const away = await serve({
      instead: (_, response) => Boolean(response.writeHead(302, { location: "file:///etc/passwd" }).end()),
    });
    await expect(openUrl(new URL(away.url), nodeGet(allowed))).rejects.toMatchObject({
      problem: { kind: "scheme" },
    });
  });
});
