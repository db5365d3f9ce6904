import { describe, expect, test } from "vitest";
import { UrlFault, type UrlProblem } from "../../../src/bytes/url/connection-error.ts";
import type { UrlAnswer } from "../../../src/bytes/url/get.ts";
import { concatBytes, fileName, lengthOf, rangeOf, readUpTo } from "../../../src/bytes/url/response.ts";

/* Parsing of response headers, bounded bodies, and errors without secrets. */

const answered = (header: string | null, ...chunks: number[][]): UrlAnswer => ({
  status: 206,
  url: new URL("https://a.example/"),
  hops: [],
  header: (name) => (name === "content-range" ? header : null),
  body: (async function* () {
    for (const chunk of chunks) yield new Uint8Array(chunk);
  })(),
  cancel() {},
});

test.each([
  ["bytes 0-9/10", { from: 0, to: 9, total: 10 }],
  ["bytes 65536-131071/400000", { from: 65_536, to: 131_071, total: 400_000 }],
  [" Bytes 5-5/* ", { from: 5, to: 5, total: null }],
  ["bytes 0-10/10", null],
  ["bytes 9-5/10", null],
  ["bytes 9-5/*", null],
  ["bytes */10", null],
  ["bytes 0-9", null],
  ["bytes 0-9/10 and more", null],
  ["kilobytes 0-9/10", null],
  ["bytes 0-9/1234567890123456", null],
  ["", null],
  [null, null],
])("the range %j is %j", (header, range) => expect(rangeOf(answered(header))).toEqual(range));

test.each([
  ["0", 0],
  ["123456789012345", 123_456_789_012_345],
  ["1234567890123456", null],
  ["12, 12", null],
  ["-1", null],
  ["1e3", null],
  ["", null],
  [null, null],
])("the length %j is %j", (header, length) => expect(lengthOf(header)).toBe(length));

test.each([
  ["https://a.example/b/clip%20one.mp4?sig=S", "clip one.mp4"],
  ["https://a.example/b/", null],
  ["https://a.example/100%.mp4", "100%.mp4"],
  ["https://a.example", null],
])("%s is of the name %j", (url, name) => expect(fileName(new URL(url))).toBe(name));

describe("of a body", () => {
  const read = async (most: number, ...chunks: number[][]) => {
    const { bytes, ended } = await readUpTo(answered(null, ...chunks), most);
    return [[...bytes], ended];
  };
  test("no more than requested is read, and it is reported whether that was all", async () => {
    expect(await read(10, [1, 2], [3])).toEqual([[1, 2, 3], true]);
    expect(await read(3, [1, 2], [3])).toEqual([[1, 2, 3], true]);
    expect(await read(2, [1, 2], [3])).toEqual([[1, 2], false]);
    expect(await read(2, [1, 2, 3])).toEqual([[1, 2], false]);
    expect(await read(2)).toEqual([[], true]);
  });
  test("parts are joined, a single one is not copied", () => {
    const one = new Uint8Array([1, 2]);
    expect(concatBytes([one])).toBe(one);
    expect([...concatBytes([one, new Uint8Array([3]), one])]).toEqual([1, 2, 3, 1, 2]);
    expect(concatBytes([])).toHaveLength(0);
  });
});

describe("a fault", () => {
  const url = new URL("https://u:p@a.example/x.mp4?sig=S");
  const status = (code: number): UrlProblem => ({
    kind: "status",
    status: code,
    url,
    head: new Uint8Array(),
    contentType: null,
  });
  const isPrivate = { kind: "private", why: "loopback", host: "a.example" } as const;
  test.each<[UrlProblem, string, string, RegExp]>([
    [{ kind: "scheme", scheme: "ftp:" }, "url-refused", "ftp: is not http(s)", /public https/],
    [
      { ...isPrivate, redirected: false },
      "url-refused",
      "a.example is not a public address (loopback)",
      /anybody on the internet/,
    ],
    [
      { ...isPrivate, redirected: true },
      "url-refused",
      "a.example is not a public address (loopback), after a redirect",
      /anybody on the internet/,
    ],
    [{ kind: "redirects", hops: 5 }, "url-refused", "more than 5 redirects", /final address/],
    [
      { kind: "encoded", encoding: "br" },
      "unreadable",
      "answers with Content-Encoding: br, though uncompressed bytes were requested",
      /without compression/,
    ],
    [status(404), "unreadable", "answered 404", /private window/],
    [status(499), "unreadable", "answered 499", /private window/],
    [status(429), "network", "answered 429", /later/],
    [status(500), "network", "answered 500", /later/],
    [status(503), "network", "answered 503", /later/],
  ])("of %j has a message and a hint without secrets", (problem, code, message, hint) => {
    const fault = new UrlFault(url, problem);
    expect(fault).toMatchObject({ name: "UrlFault", code, message: `https://a.example/x.mp4?…: ${message}` });
    expect(fault.hint).toMatch(hint);
    // A temporary fault is retried.
    expect(fault.retryable).toBe(code === "network");
    expect(fault.problem).toBe(problem);
    expect(Object.keys(fault)).not.toContain("problem");
    expect(JSON.stringify(fault)).not.toContain("sig=S");
  });
});
