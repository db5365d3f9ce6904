import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { defineTable, preflight } from "../../../src/index.ts";
import { validateTable } from "../../../src/rules/validate.ts";
import { type FileServer, fileServer, type Serving } from "../../bytes/file-server.ts";

/* What a table requires of URLs (`transport`), on each side of every requirement. */

const open: FileServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
const clip = await readFile(new URL("../../../fixtures/video/duration-2s.mp4", import.meta.url));
const serve = async (serving: Partial<Serving> = {}): Promise<string> => {
  const server = await fileServer({ bytes: clip, ...serving });
  open.push(server);
  return server.url;
};
const table = (transport: object) =>
  defineTable({
    id: "own",
    title: "own",
    source: "https://own.example",
    checked: "2026-11-29",
    transport,
    types: { video: {} },
  });
const check = (url: string, transport: object, locale?: "zh-CN") =>
  preflight(url, { rules: table(transport), allowPrivate: true, crossCheck: "never", locale });
const urlRules = async (url: string, transport: object): Promise<string[]> =>
  (await check(url, transport)).findings.map(({ rule, verdict }) => `${rule} ${verdict}`);

const refusingHead: Partial<Serving> = {
  instead(request, response) {
    if (request.method === "HEAD") response.writeHead(403).end();
    return request.method === "HEAD";
  },
};

/** Redirects so many times before it serves the file. */
const redirecting = (times: number): Partial<Serving> => ({
  instead(request, response) {
    const left = Number(new URL(request.url ?? "/", "http://x.test").searchParams.get("left") ?? times);
    if (left > 0) response.writeHead(302, { location: `/clip.mp4?left=${left - 1}` }).end();
    return left > 0;
  },
});

describe("a table that requires HEAD", () => {
  it("takes a URL that answers it, and fails one that refuses it, as signed URLs do", async () => {
    expect(await urlRules(await serve(), { head: true })).toEqual([]);
    expect(await urlRules(await serve(refusingHead), { head: true })).toEqual(["url/head fail"]);
    const { verdict, findings } = await check(await serve(refusingHead), { head: true });
    expect(verdict).toBe("fail");
    expect(findings[0]).toMatchObject({ actual: 403, message: expect.stringContaining("HTTP 403") });
    expect(findings[0]?.hint).toContain("CDN");
  });

  it("is unsure if HEAD gets no answer, and sends no HEAD if no table requires it", async () => {
    let heads = 0;
    const silent: Partial<Serving> = {
      instead(request) {
        if (request.method !== "HEAD") return false;
        heads++;
        request.socket.destroy();
        return true;
      },
    };
    expect(await urlRules(await serve(silent), { head: true })).toEqual(["url/head unsure"]);
    expect(heads).toBe(1);
    expect(await urlRules(await serve(silent), { redirects: { max: 5 } })).toEqual([]);
    expect(heads).toBe(1);
  });
});

describe("a table that limits redirects", () => {
  it("takes as many as it allows, and fails one more", async () => {
    expect(await urlRules(await serve(), { redirects: { max: 0 } })).toEqual([]);
    expect(await urlRules(await serve(redirecting(1)), { redirects: { max: 0 } })).toEqual([
      "url/redirect fail",
    ]);
    expect(await urlRules(await serve(redirecting(2)), { redirects: { max: 2 } })).toEqual([]);
    expect(await urlRules(await serve(redirecting(3)), { redirects: { max: 2 } })).toEqual([
      "url/redirect fail",
    ]);
  });
});

describe("a table that limits the URL", () => {
  it("takes its longest URL, and fails one character more", async () => {
    const url = await serve();
    const padded = (length: number): string => `${url}?q=${"x".repeat(length - url.length - 3)}`;
    expect(await urlRules(padded(200), { urlLength: { max: 200 } })).toEqual([]);
    expect(await urlRules(padded(201), { urlLength: { max: 200 } })).toEqual(["url/length fail"]);
  });

  it("fails plain http where it requires https, without a request", async () => {
    let requests = 0;
    const url = await serve({
      instead() {
        requests++;
        return false;
      },
    });
    expect(await urlRules(url, { https: true })).toEqual(["url/https fail"]);
    expect(requests).toBe(0);
  });
});

it("has each message in Chinese", async () => {
  const { findings } = await check(await serve(), { https: true, urlLength: { max: 5 } }, "zh-CN");
  expect(findings.map(({ message }) => message)).toEqual([
    expect.stringContaining("https 地址"),
    expect.stringContaining("个字符，超过 5"),
  ]);
});

it("applies to URLs only, not to local files", async () => {
  const rules = table({ https: true, head: true, urlLength: { max: 1 } });
  const { findings } = await preflight(
    new URL("../../../fixtures/video/duration-2s.mp4", import.meta.url).pathname,
    {
      rules,
      crossCheck: "never",
    },
  );
  expect(findings).toEqual([]);
});

it("a misspelt requirement is an error of the table, with the word that was meant", () => {
  expect(() => validateTable({ ...table({}), transport: { redirect: { max: 0 } } })).toThrow(
    /transport.*redirects/s,
  );
  expect(() => validateTable({ ...table({}), transport: { head: false } })).toThrow(/transport\.head/);
});
