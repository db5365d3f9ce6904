import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { signGoog4 } from "../../../../src/storage/s3/http/goog4.ts";

/*
 * Google Cloud Storage's spelling of the V4 signature, against its documentation ("Signatures", "Canonical requests"):
 * the canonical request is written out here, and signed with Node's own HMAC. Amazon's spelling is aws4fetch's.
 */

const credentials = {
  accessKeyId: "GOOGTS7C7FUP3AIRVJTE2BCD",
  secretAccessKey: "bGoa+V7g/yqDXvKRqq+JTFn4uQZbPiQJo4pf9RzJ",
};
const now = new Date("2026-11-29T12:00:00Z");
const scope = "20261129/auto/storage/goog4_request";

function signed(canonical: string): string {
  const hash = createHash("sha256").update(canonical).digest("hex");
  let key: Buffer | string = `GOOG4${credentials.secretAccessKey}`;
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  return createHmac("sha256", key)
    .update(`GOOG4-HMAC-SHA256\n20261129T120000Z\n${scope}\n${hash}`)
    .digest("hex");
}

test("a conditional PUT is signed in its headers", async () => {
  const { headers, url } = await signGoog4(
    { credentials, region: "auto" },
    {
      method: "PUT",
      url: new URL("https://storage.googleapis.com/media/a%20b.mp4"),
      headers: { "content-type": "video/mp4", "x-goog-if-generation-match": "0" },
      bodySha256: "ab".repeat(32),
    },
    { in: "headers" },
    now,
  );
  const names = "host;x-goog-content-sha256;x-goog-date;x-goog-if-generation-match";
  const signature = signed(
    `PUT\n/media/a%20b.mp4\n\nhost:storage.googleapis.com\nx-goog-content-sha256:${"ab".repeat(32)}\nx-goog-date:20261129T120000Z\nx-goog-if-generation-match:0\n\n${names}\n${"ab".repeat(32)}`,
  );
  expect(headers.authorization).toBe(
    `GOOG4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  );
  expect(headers["content-type"]).toBe("video/mp4");
  expect(Object.keys(headers).filter((name) => name.startsWith("x-amz"))).toEqual([]);
  expect(url.search).toBe("");
});

test("a GET is signed in its query", async () => {
  const { url } = await signGoog4(
    { credentials, region: "auto" },
    {
      method: "GET",
      url: new URL("https://storage.googleapis.com/media/a.mp4"),
      headers: {},
      bodySha256: "UNSIGNED-PAYLOAD",
    },
    { in: "query", seconds: 3600 },
    now,
  );
  const query = `X-Goog-Algorithm=GOOG4-HMAC-SHA256&X-Goog-Credential=${credentials.accessKeyId}%2F${scope.replaceAll("/", "%2F")}&X-Goog-Date=20261129T120000Z&X-Goog-Expires=3600&X-Goog-SignedHeaders=host`;
  const signature = signed(
    `GET\n/media/a.mp4\n${query}\nhost:storage.googleapis.com\n\nhost\nUNSIGNED-PAYLOAD`,
  );
  expect(url.search).toBe(`?${query}&X-Goog-Signature=${signature}`);
});
