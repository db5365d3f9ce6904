import { afterEach, describe, expect, test } from "vitest";
import { nodeGet } from "../../../src/bytes/url/pinned-get.node.ts";
import { UrlBudgetSpent, withUrlBudget } from "../../../src/bytes/url/url-budget.ts";
import { openUrl } from "../../../src/bytes/url/url-source.ts";
import { preflight } from "../../../src/index.ts";
import { checkUrl } from "../../../src/preflight/url/public-url.node.ts";
import { wav } from "../../submit/crash/wav.ts";
import { type FileServer, fileServer, type Serving } from "../file-server.ts";

/* A server cannot make a check cost more than its budget of requests, bytes and time. */

const running: FileServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});
const serve = async (serving: Serving): Promise<FileServer> => {
  const server = await fileServer(serving);
  running.push(server);
  return server;
};
const bytes = new Uint8Array(wav(2.5, 1));
/** Answers every range with its first byte only, and the first one with 44 bytes. */
const byteAtATime: Serving["instead"] = (request, response) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const part = bytes.subarray(from, from === 0 ? 44 : from + 1);
  response.writeHead(206, {
    "content-type": "audio/wav",
    "content-range": `bytes ${from}-${from + part.length - 1}/${bytes.length}`,
    etag: '"1"',
  });
  response.end(part);
  return true;
};

describe("over budget", () => {
  test("reads are refused, after the allowed number of requests", async () => {
    const server = await serve({ bytes, instead: byteAtATime });
    const budget = { requests: 20, bytes: 1e9, milliseconds: 60_000 };
    const get = withUrlBudget(nodeGet({ allowPrivate: true }), budget);
    const { source } = await openUrl(new URL(server.url), get);
    await expect((async () => source.read(1000, 500))()).rejects.toBeInstanceOf(UrlBudgetSpent);
    expect(server.requests.length).toBe(20);
    await source.close?.();
  });

  test.each([
    ["bytes", { bytes: 1000 }],
    ["time", { milliseconds: 0 }],
  ])("of %s, the URL is unsure", async (_, urlBudget) => {
    const server = await serve({ bytes: new Uint8Array(100_000) });
    const { source, findings } = await checkUrl(server.url, { allowPrivate: true, urlBudget });
    expect(source).toBeNull();
    expect(findings).toMatchObject([{ rule: "url/unverified", verdict: "unsure", reason: "unread" }]);
  });

  test("of time, a stalled request is cancelled at once", async () => {
    const server = await serve({
      bytes,
      instead: (_, response) =>
        Boolean(response.writeHead(206, { "content-range": "bytes 0-99/100" }).write("x")),
    });
    const begun = performance.now();
    const { findings } = await checkUrl(server.url, { allowPrivate: true, urlBudget: { milliseconds: 300 } });
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(findings).toMatchObject([{ rule: "url/unverified" }]);
  });

  test("in the middle of a file, the file is unsure and the check ends", { timeout: 60_000 }, async () => {
    const server = await serve({ bytes, instead: byteAtATime });
    const report = await preflight(server.url, { allowPrivate: true, type: "audio", crossCheck: "never" });
    expect(report.verdict).toBe("unsure");
    expect(server.requests.length).toBeLessThan(600);
  });
});
