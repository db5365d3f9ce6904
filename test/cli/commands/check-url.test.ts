import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report } from "../../../src/report/report.ts";
import { fixture, ran } from "../run.ts";

/* check URL: no output contains a query string, and private addresses are read only on request. */

const picture = readFileSync(fixture("image/jpeg-299x300.jpg"));
const server = createServer((request, response) => {
  const range = /^bytes=(\d+)-(\d+)?$/.exec(request.headers.range ?? "");
  const headers = { "content-type": "image/jpeg", "accept-ranges": "bytes", etag: '"1"' };
  if (!range)
    return void response.writeHead(200, { ...headers, "content-length": picture.length }).end(picture);
  const from = Number(range[1]);
  const part = picture.subarray(
    from,
    Math.min(Number(range[2] ?? picture.length - 1), picture.length - 1) + 1,
  );
  const place = `bytes ${from}-${from + part.length - 1}/${picture.length}`;
  response.writeHead(206, { ...headers, "content-length": part.length, "content-range": place }).end(part);
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/still.jpg?X-Signature=very-secret`;
});
afterAll(() => server.close());

test.each(["text", "json", "ndjson", "junit", "sarif", "github"])(
  "%s: the query string is in no output",
  async (format) => {
    for (const more of [[], ["--allow-private"]]) {
      const { out, err } = await ran(["check", "--format", format, "--verbose", ...more, url, `${url}2`]);
      expect(out + err).not.toContain("very-secret");
      expect(out + err).toContain("still.jpg");
    }
  },
);

test("a private address is checked only with --allow-private", async () => {
  const check = async (...more: string[]) => {
    const { code, out } = await ran(["check", "--format", "json", ...more, url]);
    return { code, report: (JSON.parse(out) as Report[])[0] };
  };
  const closed = await check();
  expect(closed.code).toBe(1);
  expect(closed.report?.findings.map((f) => f.rule)).toContain("url/private-address");
  const open = await check("--allow-private");
  expect(open.report?.facts.width).toBe(299);
  expect(open.report?.file).toMatch(/still\.jpg\?…$/);
});
