import { createHash } from "node:crypto";
import { mkdtemp, readdir, readlink, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { preflight as inBrowser } from "../../../src/browser.ts";
import { preflight } from "../../../src/index.ts";
import { memoryLedger } from "../../../src/ledger/memory.ts";
import { createBrowserSubmitAndPush } from "../../../src/push/submit-and-push.browser.ts";
import { createNodeSubmitAndPush } from "../../../src/push/submit-and-push.node.ts";
import { fileOfBinary } from "../../../src/submit/input/binary-input.ts";
import { fileOfPath } from "../../../src/submit/input/path-input.node.ts";
import { submitFileInNode } from "../../../src/submit/input/platform.node.ts";
import { type CheckUrl, fileOfUrl } from "../../../src/submit/input/url-input.ts";
import type { SubmitOptions } from "../../../src/submit/options.ts";
import { type FileServer, fileServer } from "../../bytes/file-server.ts";
import { type ServiceInMemory, serviceInMemory } from "../client-in-memory.ts";
import { wav } from "../crash/wav.ts";

/* How files are reached that are to be sent: by path, by address, as bytes. */

let directory: string;
let path: string;
const open: FileServer[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "submit-files-"));
  path = join(directory, "rain.wav");
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(open.splice(0).map((server) => server.close()));
  await rm(directory, { recursive: true, force: true });
});
const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const bytes = new Uint8Array(wav(2.5, 1));
const { client: atlas } = serviceInMemory();
const options: SubmitOptions = { atlas };

describe("bytes in memory", () => {
  it.each([
    ["a Blob", new Blob([bytes]), null],
    ["a File", new File([bytes], "own.wav"), "own.wav"],
    ["an Uint8Array", bytes, null],
    ["an ArrayBuffer", bytes.buffer, null],
  ])("are read from %s", async (_, input, name) => {
    const file = fileOfBinary(input, null);
    expect(file).toMatchObject({ name, url: null });
    expect(await file?.sha256(null)).toBe(hashOf(bytes));
    expect([await file?.stamp(), await file?.probe(null)]).toEqual([null, null]);
    expect(fileOfBinary(input, "given.wav")?.name).toBe("given.wav");
  });

  it("are copied when they are given", async () => {
    const changing = bytes.slice();
    const file = fileOfBinary(changing, null);
    changing.fill(0);
    expect(await file?.sha256(null)).toBe(hashOf(bytes));
    expect(new Uint8Array(await new Response(file?.payload as Blob).arrayBuffer())).toEqual(bytes);
  });

  it.each([["a text"], [7], [null], [{}], [[1, 2]]])("are not read from %j", (input) => {
    expect(fileOfBinary(input, "x")).toBeNull();
  });
});

describe("a URL", () => {
  const never: CheckUrl = () => Promise.reject(new Error("nothing is fetched"));
  it.each([
    ["https://x.test/a/rain.wav?sig=1", "rain.wav"],
    ["https://x.test/a/%E9%9B%A8%20x.wav", "雨 x.wav"],
    ["https://x.test/a/%E9%9.wav", "%E9%9.wav"],
    ["https://x.test/a/", ""],
    ["https://x.test", ""],
  ])("%s has the file name %j", (address, name) => {
    for (const given of [address, new URL(address)])
      expect(fileOfUrl(given, {}, never)).toMatchObject({ name, payload: null, url: new URL(address).href });
  });

  it("is checked but not read, with the caller's signal", async () => {
    const { signal } = new AbortController();
    const calls: unknown[] = [];
    let closed = 0;
    const source = { size: 9, name: null, minReadSize: 1, read: () => bytes, close: () => void closed++ };
    const file = fileOfUrl("https://x.test/a?sig=1", { allowPrivate: true }, async (...given) => {
      calls.push(given);
      return { source, shown: "", findings: [], etag: '"1"' };
    });
    expect(await file.probe(signal)).toEqual({ etag: '"1"', bytes: 9 });
    expect(calls).toEqual([["https://x.test/a?sig=1", { signal, allowPrivate: true }]]);
    expect(closed).toBe(1);
    const refused = fileOfUrl("https://x.test/a", {}, async () => ({
      source: null,
      shown: "",
      findings: [],
      etag: null,
    }));
    expect(await refused.probe(null)).toEqual({ etag: null, bytes: null });
    expect(await file.stamp()).toBeNull();
    await expect(file.sha256(null)).rejects.toThrow("a URL has no hash");
  });
});

describe("a file on disk", () => {
  it("is opened by its path and by its file: URL", async () => {
    await writeFile(path, bytes);
    for (const input of [path, pathToFileURL(path)]) {
      const file = submitFileInNode(input, options);
      expect(file).toMatchObject({ name: "rain.wav", payload: path, url: null });
      expect([await file.sha256(null), await file.probe(null)]).toEqual([hashOf(bytes), null]);
    }
  });

  it("is hashed completely, whatever its size", async () => {
    const large = new Uint8Array(600_000).map((_, i) => i % 251);
    await writeFile(path, large);
    expect(await fileOfPath(path).sha256(null)).toBe(hashOf(large));
    await writeFile(path, "");
    expect(await fileOfPath(path).sha256(null)).toBe(hashOf(new Uint8Array()));
  });

  it("has another stamp after it was rewritten, even if only its time differs", async () => {
    await writeFile(path, "one");
    const first = await fileOfPath(path).stamp();
    expect(await fileOfPath(path).stamp()).toBe(first);
    // At once: within a tick of a coarse clock, a stamp taken too early would be the same.
    await writeFile(path, "two");
    const second = await fileOfPath(path).stamp();
    expect(second).not.toBe(first);
    await utimes(path, new Date(0), new Date(0));
    expect(await fileOfPath(path).stamp()).not.toBe(second);
  });

  it.each([
    [0, 21],
    [19, 2],
    [20, 1],
    [21, 0],
  ])(
    "written %i ms ago is stamped after %i ms: the clock's resolution must have passed",
    async (age, waits) => {
      await writeFile(path, "one");
      const { ctimeMs } = await stat(path, { bigint: true });
      vi.useFakeTimers({ toFake: ["Date", "setTimeout"], now: Number(ctimeMs) + age });
      let stamped = false;
      const stamping = fileOfPath(path)
        .stamp()
        .then(() => {
          stamped = true;
        });
      while (!stamped && vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(stamped).toBe(waits === 0);
      if (waits > 0) {
        await vi.advanceTimersByTimeAsync(waits - 1);
        expect([stamped, vi.getTimerCount()]).toEqual([false, 1]);
        await vi.advanceTimersByTimeAsync(1);
      }
      await stamping;
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it("is stamped even if the clock is earlier than its change time", async () => {
    await writeFile(path, "one");
    vi.useFakeTimers({ toFake: ["Date", "setTimeout"], now: 0 });
    expect(await fileOfPath(path).stamp()).toMatch(/^\d+:\d+:3:\d+:\d+$/);
  });

  it("stops hashing with the caller's signal", async () => {
    await writeFile(path, bytes);
    const aborted = { code: "aborted" };
    await expect(fileOfPath(path).sha256(AbortSignal.abort())).rejects.toMatchObject(aborted);
    await writeFile(path, new Uint8Array(3_000_000));
    const stop = new AbortController();
    const hashing = fileOfPath(path).sha256(stop.signal);
    stop.abort();
    await expect(hashing).rejects.toMatchObject(aborted);
    if (process.platform !== "linux") return;
    const links = (await readdir("/proc/self/fd")).map((link) =>
      readlink(`/proc/self/fd/${link}`).catch(() => ""),
    );
    expect((await Promise.all(links)).filter((place) => place.startsWith(directory))).toEqual([]);
  });

  it("fails with a coded error if it is missing or unreadable", async () => {
    const missing = { code: "not-found", summary: "no such file", path, cause: { code: "ENOENT" } };
    await expect(fileOfPath(path).stamp()).rejects.toMatchObject(missing);
    await expect(fileOfPath(path).sha256(null)).rejects.toMatchObject(missing);
    await expect(fileOfPath(directory).sha256(null)).rejects.toMatchObject({
      code: "unreadable",
      summary: "this is a directory",
      cause: { code: "EISDIR" },
    });
  });
});

describe("an input", () => {
  it.each(["https://x.test/a.wav", "HTTP://x.test/a.wav", new URL("https://x.test/a.wav")])(
    "is a URL: %s",
    (input) => {
      expect(submitFileInNode(input, options)).toMatchObject({ name: "a.wav", payload: null });
    },
  );
  it("is a path if http:// occurs only later in it", () => {
    expect(submitFileInNode("a/https://x.wav", options)).toMatchObject({
      payload: "a/https://x.wav",
      url: null,
    });
  });
  it("can be bytes, named by the caller", () => {
    expect(submitFileInNode(new Blob(["x"]), { ...options, file: "a.wav" })).toMatchObject({ name: "a.wav" });
    expect(submitFileInNode(new File(["x"], "b.wav"), options)).toMatchObject({ name: "b.wav" });
  });
  it.each([7, null, {}])("cannot be %j, in Node.js and in a page", async (input) => {
    const usage = (hint: string): object => expect.objectContaining({ code: "usage", hint: `give ${hint}` });
    expect(() => submitFileInNode(input as never, options)).toThrow(
      usage("a path, a URL, a Blob, bytes, a stream or a Response"),
    );
    const { submit } = createBrowserSubmitAndPush(inBrowser);
    await expect(submit(input as never, options)).rejects.toEqual(
      usage("a File, a Blob, bytes, a URL, a stream or a Response"),
    );
  });
});

describe("submit and push", () => {
  const local = (): ServiceInMemory => serviceInMemory(() => ({ consoleBaseUrl: "http://127.0.0.1:9/api" }));
  const submissions = {
    node: createNodeSubmitAndPush(preflight),
    page: createBrowserSubmitAndPush(inBrowser),
  };

  it.each(["node", "page"] as const)("send bytes and URLs, one or many, in a %s", async (where) => {
    const { submit, push } = submissions[where];
    const server = await fileServer({ bytes, type: "audio/wav", etag: '"1"' });
    open.push(server);
    const address = `${server.url}/rain.wav?sig=1`;
    const service = local();
    const how = { atlas: service.client, crossCheck: "never" } as const;
    await submit(new File([bytes], "a.wav"), { ...how, file: "clips/b.wav" });
    await submit(address, how);
    await submit(new URL(address), how);
    expect(service.uploads.map(({ options }) => options?.filename)).toEqual(["b.wav"]);
    expect(service.registrations.map(({ url }) => url).slice(1)).toEqual([address, address]);
    const summary = await push([{ input: address, file: "rain.wav" }], { ...how, ledger: memoryLedger() });
    expect(summary).toMatchObject({ active: 1, uploaded: 0 });
  });

  it("hash bytes always in Node.js, and in a page only with a ledger", async () => {
    const hash = hashOf(bytes).slice(0, 32);
    const named = async (where: "node" | "page", kept: boolean): Promise<boolean> => {
      const service = serviceInMemory();
      const how = {
        atlas: service.client,
        crossCheck: "never",
        ...(kept && { ledger: memoryLedger() }),
      } as const;
      await submissions[where].submit(new File([bytes], "a.wav"), how);
      return service.registrations[0]?.name === `a-${hash}`;
    };
    expect(await Promise.all([named("node", false), named("page", false), named("page", true)])).toEqual([
      true,
      false,
      true,
    ]);
  });
});
