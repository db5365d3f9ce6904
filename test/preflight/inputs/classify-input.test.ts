import fc from "fast-check";
import { expect, test } from "vitest";
import { classifyInput } from "../../../src/preflight/inputs/classify-input.ts";

test.each([
  ["clip.mp4", "path"],
  ["./clips/a b.mp4", "path"],
  ["/srv/clip.mp4", "path"],
  ["", "path"],
  ["C:\\clips\\a.mp4", "path"],
  ["c:/clips/a.mp4", "path"],
  ["\\\\server\\share\\a.mp4", "path"],
  ["take:2.mp4", "path"],
  ["12:30 interview.mov", "path"],
  ["http", "path"],
  ["file:///srv/clip.mp4", "file"],
  ["FILE:///srv/clip.mp4", "file"],
  ["http://example.com/a.mp4", "http"],
  ["HTTPS://example.com/a.mp4", "http"],
  ["https:example.com", "http"],
  ["data:image/png;base64,AAAA", "data"],
  ["asset://atlas-asset-1", "asset"],
  ["Asset://x", "asset"],
  ["s3://bucket/a.mp4", "other"],
  ["ftp://example.com/a.mp4", "other"],
  ["blob:https://example.com/1", "other"],
  ["javascript:alert(1)", "other"],
])("%j is classified as %s", (input, kind) => {
  expect(classifyInput(input).kind).toBe(kind);
});

test("a URL object is never taken for a path", () => {
  expect(classifyInput(new URL("take:2.mp4"))).toEqual({ kind: "other", scheme: "take", url: "take:2.mp4" });
  expect(classifyInput(new URL("file:///a.mp4"))).toEqual({ kind: "file", url: "file:///a.mp4" });
});

test("every text has one class, which keeps the text as it was", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => {
      const classified = classifyInput(text);
      const kept =
        "path" in classified ? classified.path : "uri" in classified ? classified.uri : classified.url;
      return kept === text;
    }),
  );
});
