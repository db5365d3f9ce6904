import { expect, test } from "vitest";
import { checkKey, objectUrl, withQuery } from "../../../src/storage/s3/object-url.ts";

/* Where objects are addressed, and which keys cannot be. */

const amazon = { endpoint: null, region: "eu-central-1" };

test.each([
  [{ ...amazon, bucket: "media" }, "https://media.s3.eu-central-1.amazonaws.com/a/b.mp4"],
  [
    { ...amazon, bucket: "media.example.com" },
    "https://s3.eu-central-1.amazonaws.com/media.example.com/a/b.mp4",
  ],
  [{ ...amazon, bucket: "Old_Bucket" }, "https://s3.eu-central-1.amazonaws.com/Old_Bucket/a/b.mp4"],
  [
    { bucket: "media", endpoint: null, region: "cn-north-1" },
    "https://media.s3.cn-north-1.amazonaws.com.cn/a/b.mp4",
  ],
  [
    { bucket: "media", endpoint: new URL("http://127.0.0.1:9000"), region: "us-east-1" },
    "http://127.0.0.1:9000/media/a/b.mp4",
  ],
  [
    { bucket: "media", endpoint: new URL("https://storage.example/s3/"), region: "auto" },
    "https://storage.example/s3/media/a/b.mp4",
  ],
])("%o addresses an object as %s", (place, url) => {
  expect(objectUrl(place, "a/b.mp4").href).toBe(url);
});

test("every character that a signature encodes is encoded in the path and in the query", () => {
  const url = objectUrl({ ...amazon, bucket: "media" }, "a b+c/ü'(1)!*~.mp4");
  expect(url.pathname).toBe("/a%20b%2Bc/%C3%BC%27%281%29%21%2A~.mp4");
  expect(withQuery(url, { prefix: "a b+/", uploads: "" }).search).toBe("?prefix=a%20b%2B%2F&uploads=");
});

test.each(["", "/a", "a/../b", "a/./b", "..", "a\nb", "a\u0000", "\ud800", "x".repeat(1025)])(
  "the key %j cannot be addressed by a URL",
  (key) => {
    expect(() => checkKey(key)).toThrow(expect.objectContaining({ code: "usage" }));
  },
);
