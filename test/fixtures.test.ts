import { globSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Facts, preflight, type Report } from "../src/index.ts";

/*
 * Every fixture through every input route: each gives the facts, verdict and rule ids written beside it, and the
 * whole report is the same whichever way the bytes came.
 */

interface Expected {
  about: string;
  facts: Record<string, unknown>;
  verdict: string;
  findings: string[];
  /** Absent: none. */
  notes?: string[];
}

const root = new URL("../fixtures/", import.meta.url).pathname;
const names = globSync("*/*.json", { cwd: root })
  .map((name) => name.replaceAll("\\", "/").replace(/\.json$/, ""))
  .sort();

let server: Server;
let origin = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    const bytes = readFileSync(`${root}${decodeURIComponent(request.url?.slice(1) ?? "")}`);
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const from = Number(range?.[1] ?? 0);
    const to = Math.min(range?.[2] ? Number(range[2]) + 1 : bytes.length, bytes.length);
    if (range && from >= bytes.length) {
      response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
      return;
    }
    response.writeHead(range ? 206 : 200, {
      "content-type": "application/octet-stream",
      "accept-ranges": "bytes",
      "content-length": to - from,
      ...(range ? { "content-range": `bytes ${from}-${to - 1}/${bytes.length}` } : {}),
    });
    response.end(bytes.subarray(from, to));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => server.close());

test("fixtures are found, of each kind", () => {
  expect(names.length).toBeGreaterThan(60);
  const folders = new Set(names.map((name) => name.split("/")[0]));
  expect([...folders].sort()).toEqual(["audio", "damaged", "image", "refused", "video"]);
});

test("every fixture has its expectation", () => {
  const media = globSync("{audio,damaged,image,refused,video}/*", { cwd: root })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => !name.endsWith(".json"));
  expect(media.filter((name) => !names.includes(name))).toEqual([]);
});

describe.each(names)("%s", (name) => {
  const expected = JSON.parse(readFileSync(`${root}${name}.json`, "utf8")) as Expected;
  const options = { name: basename(name) };

  test("gives what is written beside it", async () => {
    const report = await preflight(`${root}${name}`, options);
    for (const [key, want] of Object.entries(expected.facts)) {
      const got = report.facts[key as keyof Facts];
      if (isNear(want))
        expect(Math.abs(Number(got) - want.near), `${key} is ${got}`).toBeLessThanOrEqual(want.within);
      else expect({ [key]: got }).toEqual({ [key]: want });
    }
    expect(ids(report, "blocking")).toEqual([...expected.findings].sort());
    expect(ids(report, "notes")).toEqual([...(expected.notes ?? [])].sort());
    expect(report.verdict).toBe(expected.verdict);
  });

  test("gives the same report as bytes, Blob, path and URL", async () => {
    const bytes = readFileSync(`${root}${name}`);
    const path = await preflight(`${root}${name}`, options);
    expect(await preflight(new Uint8Array(bytes), options)).toEqual(path);
    expect(await preflight(new Blob([bytes]), options)).toEqual(path);
    const fetched = await preflight(origin + encodeURI(name), { ...options, allowPrivate: true });
    const ofAddress = fetched.findings.filter((f) => f.rule.startsWith("url/"));
    if (ofAddress.some((f) => f.verdict === "fail"))
      // A page is refused as a page before its bytes are judged.
      expect([path.facts.format, path.verdict]).toEqual(["html", "fail"]);
    else
      expect({ ...fetched, findings: fetched.findings.filter((f) => !ofAddress.includes(f)) }).toEqual(path);
  });
});

function isNear(want: unknown): want is { near: number; within: number } {
  return typeof want === "object" && want !== null && "near" in want;
}

function ids(report: Report, which: "blocking" | "notes"): string[] {
  const wanted = report.findings.filter((f) => (f.verdict === "note") === (which === "notes"));
  return wanted.map((f) => f.rule).sort();
}
