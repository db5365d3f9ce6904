import { readFile } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { noFacts } from "../../../src/facts/facts.ts";
import { preflight } from "../../../src/index.ts";
import { expiryOf } from "../../../src/preflight/url/expiry.ts";
import { checkUrl as checkUrlInNode } from "../../../src/preflight/url/public-url.node.ts";
import { checkUrl, type UrlCheck } from "../../../src/preflight/url/public-url.ts";
import { type FileServer, fileServer, type Serving } from "../../bytes/file-server.ts";

const open: FileServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
const serve = async (serving: Partial<Serving>): Promise<FileServer> => {
  const server = await fileServer({ bytes: new TextEncoder().encode("no media"), ...serving });
  open.push(server);
  return server;
};
const rulesOf = ({ findings }: UrlCheck): string[] =>
  findings.map(({ rule, verdict }) => `${rule} ${verdict}`);
/** Fails on any request: no name resolves. */
const nowhere: LookupFunction = (_host, _options, callback) =>
  callback(Object.assign(new Error("a name was resolved"), { code: "ENOTFOUND" }), "");
const evaluate = (url: string): Promise<UrlCheck> => checkUrlInNode(url, { lookup: nowhere });

describe("a URL checked without a request", () => {
  it.each([
    ["http://127.0.0.1/x", "url/private-address"],
    ["http://169.254.169.254/latest/meta-data", "url/private-address"],
    ["http://[::1]/x", "url/private-address"],
    ["http://2130706433/x", "url/private-address"],
    ["http://printer.local/x", "url/private-address"],
    ["data:image/png;base64,AAAA", "url/data"],
    ["file:///etc/passwd", "url/scheme"],
    ["ftp://a.example.com/x", "url/scheme"],
    ["not an address", "url/scheme"],
    ["https://user:pass@a.example.com/x.mp4", "url/sign-in"],
    ["https://drive.google.com/file/d/1AbC/view?usp=sharing", "url/share-link"],
    ["https://docs.google.com/uc?id=1AbC", "url/share-link"],
    ["https://photos.app.goo.gl/AbC", "url/share-link"],
    ["https://photos.google.com/share/AbC", "url/share-link"],
    ["https://www.dropbox.com/scl/fi/a/b.mp4?rlkey=SECRET&dl=0", "url/share-link"],
    ["https://1drv.ms/v/s!AbC", "url/share-link"],
    ["https://contoso.sharepoint.com/:v:/s/team/AbC", "url/share-link"],
    ["https://www.icloud.com/iclouddrive/AbC", "url/share-link"],
    ["https://we.tl/t-AbC", "url/share-link"],
    ["https://github.com/o/r/blob/main/clip.mp4", "url/share-link"],
    ["https://youtu.be/AbC", "url/share-link"],
    ["https://www.instagram.com/p/AbC/", "url/share-link"],
    ["https://www.flickr.com/photos/a/1", "url/share-link"],
    ["https://imgur.com/gallery/AbC", "url/share-link"],
    ["https://www.notion.so/page-AbC", "url/share-link"],
    [
      "https://b.s3.amazonaws.com/x?X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=SECRET",
      "url/expires",
    ],
  ])("%s fails %s, with a hint", async (url, rule) => {
    const checked = await evaluate(url);
    expect(rulesOf(checked)).toEqual([`${rule} fail`]);
    expect(checked.source).toBeNull();
    const [finding] = checked.findings;
    expect(finding?.hint).toBeTruthy();
    expect(JSON.stringify(checked)).not.toContain("SECRET");
    expect(`${finding?.message}${finding?.hint}`).not.toMatch(/[{}]/);
  });

  it("names the URL that works, if there is one", async () => {
    const hint = async (url: string): Promise<string | null | undefined> =>
      (await evaluate(url)).findings[0]?.hint;
    expect(await hint("https://github.com/o/r/blob/main/clip.mp4")).toContain(
      "https://github.com/o/r/raw/main/clip.mp4",
    );
    expect(await hint("https://www.dropbox.com/s/a/b.mp4?dl=0")).toContain("raw=1");
  });

  it.each([
    "https://www.dropbox.com/s/a/b.mp4?raw=1",
    "https://i.imgur.com/AbC.png",
    "https://raw.githubusercontent.com/o/r/main/x.mp4",
    "https://lh3.googleusercontent.com/AbC",
    "https://cdn.example.com/login-screen.png",
  ])("%s is left to the GET", async (url) => {
    await expect(evaluate(url)).rejects.toMatchObject({ code: "network" });
  });
});

describe("a URL checked by its response", () => {
  const checked = async (serving: Partial<Serving>, path = "/clip.mp4"): Promise<UrlCheck> =>
    checkUrlInNode((await serve(serving)).url + path, { allowPrivate: true });
  const answering = (status: number, headers: Record<string, string>, body = ""): Partial<Serving> => ({
    instead: (_, response) => {
      response.writeHead(status, headers).end(body);
      return true;
    },
  });

  it.each([
    [
      "a viewer page",
      answering(200, { "content-type": "text/html" }, "<!-- x --><!DOCTYPE html><title>Clip</title>"),
      "url/viewer-page fail",
    ],
    [
      "a page that calls itself a video",
      answering(200, { "content-type": "video/mp4" }, "\ufeff <html>"),
      "url/viewer-page fail",
    ],
    [
      "a page that asks for a password",
      answering(200, {}, '<html><form><input name=p type="password">'),
      "url/sign-in fail",
    ],
    ["401", answering(401, {}), "url/sign-in fail"],
    ["403", answering(403, {}), "url/sign-in fail"],
    ["404", answering(404, {}), "url/not-found fail"],
    ["410", answering(410, {}), "url/not-found fail"],
    ["418", answering(418, {}), "url/not-found fail"],
    ["compressed", answering(200, { "content-encoding": "gzip" }, "x"), "url/content-type fail"],
    ["text/plain", { type: "text/plain" }, "url/content-type note"],
    ["another scheme", answering(302, { location: "ftp://a.example.com/" }), "url/redirect fail"],
  ])("%s", async (_name, serving, rule) => {
    expect(rulesOf(await checked(serving))).toEqual([rule]);
  });

  it("a redirect to a sign-in, and an endless redirect", async () => {
    const signIn = await checked({
      instead: (request, response) => {
        if (request.url === "/clip.mp4")
          response.writeHead(302, { location: "/users/sign_in?next=/clip.mp4" }).end();
        else response.writeHead(200, { "content-type": "text/html" }).end("<html>");
        return true;
      },
    });
    expect(rulesOf(signIn)).toEqual(["url/sign-in fail"]);
    expect(rulesOf(await checked(answering(302, { location: "/clip.mp4" })))).toEqual(["url/redirect fail"]);
  });

  it("a redirect to a private address is refused there", async () => {
    const inner = await serve({});
    const outer = await serve({
      instead: (_, response) => Boolean(response.writeHead(302, { location: inner.url }).end()),
    });
    // Only the first hop counts as public.
    const allowPrivate = (url: URL): boolean => url.origin === outer.url;
    for (const check of [checkUrlInNode, checkUrl]) {
      const refused = await check(`${outer.url}/clip.mp4`, { allowPrivate });
      expect(rulesOf(refused)).toEqual(["url/private-address fail"]);
      expect(refused.findings[0]?.message).toContain("redirects to 127.0.0.1");
    }
    expect(outer.requests).toHaveLength(2);
  });

  it("a redirect to a name that resolves to a private address is refused there", async () => {
    const inner = await serve({});
    const { port } = new URL(inner.url);
    const outer = await serve({
      instead: (_, response) =>
        Boolean(response.writeHead(307, { location: `http://cdn.example.com:${port}/` }).end()),
    });
    const lookup: LookupFunction = (_h, options, callback) =>
      options.all ? callback(null, [{ address: "127.0.0.1", family: 4 }]) : callback(null, "127.0.0.1", 4);
    const refused = await checkUrlInNode(outer.url, {
      allowPrivate: (url) => url.origin === outer.url,
      lookup,
    });
    expect(rulesOf(refused)).toEqual(["url/private-address fail"]);
    expect(refused.findings[0]?.message).toContain("redirects to cdn.example.com");
    expect(inner.requests).toHaveLength(0);
  });

  it("a server error is an error, not a finding", async () => {
    await expect(checked(answering(503, {}))).rejects.toMatchObject({ code: "network", retryable: true });
  });

  it("a strong ETag is returned, a weak one is not", async () => {
    expect((await checked({ etag: '"1"' })).etag).toBe('"1"');
    expect((await checked({ etag: 'W/"1"' })).etag).toBeNull();
  });

  it("fetchGet finds the same pages", async () => {
    const server = await serve(answering(200, { "content-type": "text/html" }, "<html>"));
    expect(rulesOf(await checkUrl(server.url, { allowPrivate: true }))).toEqual(["url/viewer-page fail"]);
    expect(rulesOf(await checkUrl(server.url))).toEqual(["url/private-address fail"]);
  });
});

describe("expiryOf", () => {
  const at = Date.UTC(2026, 10, 22, 10, 0, 0);
  it.each([
    ["X-Amz-Date=20261122T090000Z&X-Amz-Expires=3600", at],
    ["x-goog-date=20261122T090000Z&x-goog-expires=3600", at],
    ["X-Tos-Date=20261122T090000Z&X-Tos-Expires=3600", at],
    ["x-oss-date=20261122T090000Z&x-oss-expires=3600", at],
    [`Expires=${at / 1000}&Signature=x`, at],
    ["sv=2024-11-04&se=2026-11-22T10%3A00%3A00Z&sig=x", at],
    [`q-sign-time=1700000000;${at / 1000}`, at],
    [`ex=${(at / 1000).toString(16)}&is=6&hm=x`, at],
    ["expires=never", null],
    ["Expires=3600", null],
    ["se=2026-11-22", null],
    ["", null],
  ])("%s", (query, end) => {
    expect(expiryOf(new URL(`https://b.example.com/x?${query}`))).toBe(end);
  });

  it("reports a URL that expires soon as a note, an expired one as a failure, and a later one not at all", async () => {
    const check = async (seconds: number): Promise<string[]> => {
      const server = await serve({});
      const url = `${server.url}/x?Expires=${Math.round(Date.now() / 1000) + seconds}`;
      return rulesOf(await checkUrlInNode(url, { allowPrivate: true }));
    };
    expect(await check(600)).toEqual(["url/expires note"]);
    expect(await check(86_400)).toEqual([]);
    expect(await check(-600)).toEqual(["url/expires fail"]);
  });
});

describe("preflight of a URL", () => {
  it("reports in the given language", async () => {
    const ended = "https://b.example.com/x?Expires=1000000000";
    const [english] = (await preflight(ended)).findings;
    expect(english?.message).toMatch(/^the URL expired [\d,]+ days ago$/);
    const [chinese] = (await preflight(ended, { locale: "zh-CN" })).findings;
    expect([chinese?.message, chinese?.hint]).toEqual([
      expect.stringMatching(/^该地址已于 [\d,]+ 天前过期$/),
      expect.stringMatching(/签名有效期/),
    ]);
  });

  it("checks the file like a local one, with and without ranges", async () => {
    const bytes = await readFile(join(import.meta.dirname, "../../../fixtures/audio/mp3-stereo-3s.mp3"));
    const direct = await preflight(bytes);
    for (const ranges of ["serve", "none"] as const) {
      const server = await serve({ bytes, ranges, type: "audio/mpeg" });
      const report = await preflight(`${server.url}/a.mp3?sig=S`, { allowPrivate: true, name: null });
      expect(report).toEqual(direct);
    }
  });

  it("is named after the URL without its query", async () => {
    const bytes = await readFile(join(import.meta.dirname, "../../../fixtures/image/jpeg-640x480.jpg"));
    const { url } = await serve({ bytes, type: "image/jpeg" });
    for (const address of [`${url}/a/b.jpg?sig=S`, new URL(`${url}/a/b.jpg?sig=S`)]) {
      const report = await preflight(address, { allowPrivate: true });
      expect(report).toMatchObject({ file: `${url}/a/b.jpg?…`, verdict: "pass", findings: [] });
      expect(await preflight(address)).toMatchObject({ file: `${url}/a/b.jpg?…`, verdict: "fail" });
    }
  });

  it("a refused URL has a failing report", async () => {
    const report = await preflight("https://drive.google.com/file/d/1/view");
    expect(report).toMatchObject({
      verdict: "fail",
      findings: [{ rule: "url/share-link", reason: "limit" }],
    });
    expect(report.facts).toEqual(noFacts);
  });
});
