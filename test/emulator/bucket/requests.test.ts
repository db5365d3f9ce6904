import { createHash } from "node:crypto";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testCredentials } from "../../../src/emulator/index.ts";
import { bytes, codeOf, sha256Base64, startBucket, type TestBucket } from "./start-bucket.ts";

/* aws4fetch as a second independent judge, and requests that must be refused. */

let bucket: TestBucket;
beforeAll(async () => {
  bucket = await startBucket();
});
afterAll(() => bucket[Symbol.asyncDispose]());

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Sends a target as it is: fetch would normalise it. */
function sendRaw(target: string, method = "GET", headers: Record<string, string> = {}): Promise<string> {
  const { hostname, port } = new URL(bucket.url(""));
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path: target, method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      answer.on("end", () => resolve(`${answer.statusCode} ${/<Code>(\w+)/.exec(text)?.[1] ?? text}`));
    });
    sent.on("error", reject).end();
  });
}

describe("a presigned PUT", () => {
  const body = "the file";
  const bound = {
    method: "PUT",
    headers: {
      "content-type": "video/mp4",
      "content-length": String(body.length),
      "x-amz-checksum-sha256": sha256Base64(body),
      "if-none-match": "*",
    },
  };
  const put = async (
    change: { url?: (url: string) => string; init?: RequestInit; expires?: number } = {},
  ) => {
    const key = `incoming/${crypto.randomUUID()}`;
    const url = await bucket.presign(key, { ...bound, ...(change.expires && { expires: change.expires }) });
    // fetch computes the length itself, as in a page.
    const { "content-length": _, ...headers } = { ...bound.headers, ...change.init?.headers };
    const response = await fetch((change.url ?? String)(url), {
      method: "PUT",
      body,
      ...change.init,
      headers,
    });
    const stored = bucket.emulator.snapshot().objects.filter((object) => object.key === key).length;
    return `${response.status} ${response.ok ? "" : await codeOf(response)} ${stored}`;
  };

  test("stores what it was signed for", async () => {
    expect(await put()).toBe("200  1");
  });

  test("is refused for another length, type or checksum, or other bytes", async () => {
    const headers = (change: object) => ({ init: { headers: { ...bound.headers, ...change } } });
    expect(await put({ init: { body: "the film" } })).toBe("400 BadDigest 0");
    expect(await put({ init: { body: "longer than signed" } })).toBe("403 SignatureDoesNotMatch 0");
    expect(await put(headers({ "content-type": "text/html" }))).toBe("403 SignatureDoesNotMatch 0");
    expect(await put(headers({ "x-amz-checksum-sha256": sha256Base64("x") }))).toBe(
      "403 SignatureDoesNotMatch 0",
    );
    expect(await put(headers({ "x-amz-meta-owner": "other" }))).toBe("403 AccessDenied 0");
  });

  test("is refused for another key, with another parameter, and without its signature", async () => {
    const other = (url: string) => url.replace("/incoming/", "/content/");
    expect(await put({ url: other })).toBe("403 SignatureDoesNotMatch 0");
    expect(await put({ url: (url) => url.replace("X-Amz-Expires=900", "X-Amz-Expires=901") })).toBe(
      "403 SignatureDoesNotMatch 0",
    );
    expect(await put({ url: (url) => `${url}&uploads` })).toBe("403 SignatureDoesNotMatch 0");
    expect(await put({ url: (url) => url.replace(/&X-Amz-Signature=\w+/, "") })).toBe(
      "400 AuthorizationQueryParametersError 0",
    );
    expect(await put({ url: (url) => url.replace(/\?.*/, "") })).toBe("403 AccessDenied 0");
  });

  test("is refused when used with another method", async () => {
    const url = await bucket.presign("method", bound);
    for (const method of ["GET", "HEAD", "DELETE"]) {
      const { "content-length": _, ...headers } = bound.headers;
      expect((await fetch(url, { method, headers })).status).toBe(403);
    }
  });
});

describe("a presigned GET", () => {
  test("answers ranges to every client that has it, and HEAD with 403", async () => {
    await bucket.send("get", { method: "PUT", body: "0123456789" });
    const url = await bucket.presign("get");
    const ranged = await fetch(url, { headers: { range: "bytes=2-4" } });
    expect([ranged.status, await ranged.text()]).toEqual([206, "234"]);
    const head = await fetch(url, { method: "HEAD" });
    expect([head.status, head.headers.get("x-amz-request-id")?.length]).toEqual([403, 16]);
    expect(bucket.emulator.requests.at(-1)).toMatchObject({ host: "bucket", code: "SignatureDoesNotMatch" });
  });

  test("expires", async () => {
    let now = Date.now();
    await using late = await startBucket({ bucket: { name: "media", now: () => now } });
    await late.send("file", { method: "PUT", body: "x" });
    const url = await late.presign("file", { expires: 60 });
    expect((await fetch(url)).status).toBe(200);
    now += 61_000;
    expect(await codeOf(await fetch(url))).toBe("AccessDenied");
  });
});

describe("a signature in the Authorization header", () => {
  test("needs the body's hash to be right, or UNSIGNED-PAYLOAD", async () => {
    const put = (hash: string) =>
      bucket.send("hash", { method: "PUT", body: "body", headers: { "x-amz-content-sha256": hash } });
    expect((await put(sha256("body"))).status).toBe(200);
    expect((await put("UNSIGNED-PAYLOAD")).status).toBe(200);
    expect(await codeOf(await put(sha256("other")))).toBe("XAmzContentSHA256Mismatch");
    expect(await codeOf(await put("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"))).toBe("NotImplemented");
    expect(await codeOf(await put("anything"))).toBe("InvalidArgument");
  });

  test("is refused beside one in the query, and without the payload's hash", async () => {
    const url = await bucket.presign("both");
    const signed = await bucket.aws.sign(bucket.url("both"));
    const authorization = signed.headers.get("authorization") ?? "";
    expect(await codeOf(await fetch(url, { headers: { authorization } }))).toBe("InvalidArgument");
    expect(await codeOf(await fetch(bucket.url("both"), { headers: { authorization } }))).toBe(
      "InvalidRequest",
    );
    expect(await codeOf(await fetch(bucket.url("both"), { headers: { authorization: "Basic eA==" } }))).toBe(
      "InvalidRequest",
    );
  });

  test("covers the path as it was sent", async () => {
    const { headers } = await bucket.aws.sign(bucket.url("a/c"));
    const plain = Object.fromEntries(headers);
    expect(await sendRaw("/media/a/c", "GET", plain)).toBe("404 NoSuchKey");
    expect(await sendRaw("/media/a/b/../c", "GET", plain)).toBe("403 SignatureDoesNotMatch");
    expect(await sendRaw("/media//a/c", "GET", plain)).toBe("403 SignatureDoesNotMatch");
  });
});

test("a session token must be the credential's, and signed", async () => {
  await using temporary = await startBucket({ bucket: { name: "media", sessionToken: "token-1" } });
  const put = (init = {}) => temporary.send("file", { method: "PUT", body: "x", ...init });
  expect((await put()).status).toBe(200);
  const url = await temporary.presign("file");
  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(url.replace("token-1", "token-2"))).status).toBe(403);
  temporary.aws.sessionToken = "token-2";
  expect(await codeOf(await put())).toBe("InvalidToken");
  temporary.aws.sessionToken = undefined;
  expect(await codeOf(await put())).toBe("InvalidAccessKeyId");
  bucket.aws.sessionToken = "token-1";
  expect(await codeOf(await bucket.send("file"))).toBe("InvalidToken");
  bucket.aws.sessionToken = undefined;
});

test("Google's x-goog-if-generation-match: 0 writes once, and must be signed", async () => {
  const put = (body: string) =>
    bucket.send("once", { method: "PUT", body, headers: { "x-goog-if-generation-match": "0" } });
  expect((await put("first")).status).toBe(200);
  expect((await put("second")).status).toBe(412);
  const url = await bucket.presign("goog", { method: "PUT" });
  const unsigned = await fetch(url, {
    method: "PUT",
    body: "x",
    headers: { "x-goog-if-generation-match": "0" },
  });
  expect(await codeOf(unsigned)).toBe("AccessDenied");
});

test("Content-MD5 is verified", async () => {
  const md5 = (text: string) => createHash("md5").update(text).digest("base64");
  const put = (headers: Record<string, string>) =>
    bucket.send("md5", { method: "PUT", body: "body", headers });
  expect((await put({ "content-md5": md5("body") })).status).toBe(200);
  expect(await codeOf(await put({ "content-md5": md5("other") }))).toBe("BadDigest");
  expect(await codeOf(await put({ "content-md5": "x" }))).toBe("InvalidDigest");
});

test("the bucket may be named by the Host header", async () => {
  const { port } = new URL(bucket.url(""));
  const virtual = `http://media.localhost:${port}/virtual/key`;
  const signed = await bucket.aws.sign(virtual, { method: "PUT", body: "" });
  const headers = {
    ...Object.fromEntries(signed.headers),
    host: `media.localhost:${port}`,
    "content-length": "0",
  };
  expect(await sendRaw("/virtual/key", "PUT", headers)).toBe("200 ");
  expect(await (await bucket.send("virtual/key")).text()).toBe("");
});

test("what is not implemented is refused, not ignored", async () => {
  expect(await codeOf(await bucket.send("x", { query: "?tagging" }))).toBe("NotImplemented");
  expect(await codeOf(await bucket.send("x", { query: "?versionId=1" }))).toBe("NotImplemented");
  expect(await codeOf(await bucket.send(""))).toBe("NotImplemented");
  expect(await codeOf(await bucket.send("x", { method: "PATCH", body: "" }))).toBe("MethodNotAllowed");
  expect(await codeOf(await bucket.aws.fetch(bucket.url("").replace("/media/", "/other/x")))).toBe(
    "NoSuchBucket",
  );
  const chunked = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("x"));
      controller.close();
    },
  });
  const signed = await bucket.aws.sign(bucket.url("x"), { method: "PUT" });
  const init = { method: "PUT", headers: signed.headers, body: chunked, duplex: "half" };
  expect(await codeOf(await fetch(signed.url, init as RequestInit))).toBe("MissingContentLength");
});

test("a key is at most 1,024 bytes", async () => {
  expect((await bucket.send("k".repeat(1024), { method: "PUT", body: "x" })).status).toBe(200);
  expect(await codeOf(await bucket.send("k".repeat(1025), { method: "PUT", body: "x" }))).toBe(
    "KeyTooLongError",
  );
});

test("anonymous reads are answered only with publicRead", async () => {
  await using open = await startBucket({ bucket: { name: "media", publicRead: true } });
  await open.send("file", { method: "PUT", body: "x" });
  expect(await (await fetch(open.url("file"))).text()).toBe("x");
  expect((await fetch(open.url("file"), { method: "HEAD" })).status).toBe(200);
  expect((await fetch(open.url("file"), { method: "PUT", body: "y" })).status).toBe(403);
  expect((await fetch(open.url(""))).status).toBe(403);
  await bucket.send("file", { method: "PUT", body: "x" });
  expect((await fetch(bucket.url("file"))).status).toBe(403);
});

describe("CORS", () => {
  const origin = "https://app.example";
  const rules = [
    {
      allowedOrigins: [origin, "https://*.example.org"],
      allowedMethods: ["PUT"],
      allowedHeaders: ["content-type", "x-amz-*"],
      exposeHeaders: ["ETag"],
      maxAgeSeconds: 60,
    },
  ];
  const preflight = (from: TestBucket, headers: Record<string, string>) =>
    fetch(from.url("x"), { method: "OPTIONS", headers });

  test("lets a page of an allowed origin put, and read the ETag", async () => {
    await using open = await startBucket({ bucket: { name: "media", cors: rules } });
    const request = (change = {}) =>
      preflight(open, {
        origin,
        "access-control-request-method": "PUT",
        "access-control-request-headers": "Content-Type, X-Amz-Checksum-Sha256",
        ...change,
      });
    const allowed = await request();
    expect(allowed.status).toBe(200);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-headers": "content-type, x-amz-checksum-sha256",
      "access-control-max-age": "60",
    });
    expect((await request({ origin: "https://sub.example.org" })).status).toBe(200);
    expect(await codeOf(await request({ origin: "https://example.org.evil.example" }))).toBe(
      "AccessForbidden",
    );
    expect(await codeOf(await request({ "access-control-request-method": "DELETE" }))).toBe(
      "AccessForbidden",
    );
    expect(await codeOf(await request({ "access-control-request-headers": "if-none-match" }))).toBe(
      "AccessForbidden",
    );
    const put = await open.send("x", { method: "PUT", body: "x", headers: { origin } });
    expect(put.headers.get("access-control-expose-headers")).toBe("ETag");
    const refused = await fetch(open.url("x"), { method: "PUT", body: "x", headers: { origin } });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([403, origin]);
  });

  test("is refused by a bucket without rules", async () => {
    const answer = await preflight(bucket, { origin, "access-control-request-method": "PUT" });
    expect(await codeOf(answer)).toBe("AccessForbidden");
  });
});

describe("faults", () => {
  const body = bytes(300_000);
  test.each([
    ["bucketForbidden", "403 AccessDenied", false],
    ["bucketSlowDown", "503 SlowDown", false],
    ["bucketCutBefore", "cut", false],
    ["bucketCutDuring", "cut", false],
    ["bucketCutAfter", "cut", true],
  ])("%s: once, and the object is there only if the operation took place", async (fault, answer, there) => {
    await using faulty = await startBucket({ [fault]: 1 });
    const put = async () => {
      const response = await faulty.send("file", { method: "PUT", body }).catch(() => null);
      if (response === null) return "cut";
      return response.ok ? "200" : `${response.status} ${await codeOf(response)}`;
    };
    expect(await put()).toBe(answer);
    expect(faulty.emulator.snapshot().objects.length).toBe(there ? 1 : 0);
    expect(faulty.emulator.requests.at(-1)).toMatchObject({ operation: "PutObject", fault });
    expect(await put()).toBe("200");
    const got = await faulty.send("file");
    expect(Buffer.compare(Buffer.from(await got.arrayBuffer()), body)).toBe(0);
  });

  test("a download is cut in the middle", async () => {
    await using faulty = await startBucket({ bucketFaultsOn: ["GetObject"], bucketCutDuring: 1 });
    await faulty.send("file", { method: "PUT", body });
    const got = await faulty.send("file");
    expect(got.status).toBe(200);
    await expect(got.arrayBuffer()).rejects.toThrow();
    expect((await (await faulty.send("file")).arrayBuffer()).byteLength).toBe(body.length);
  });

  test("a copy is answered 200 with an error in its body", async () => {
    await using faulty = await startBucket({ bucketErrorIn200: 1 });
    await faulty.send("file", { method: "PUT", body: "x" });
    const copy = () => faulty.send("copy", { method: "PUT", headers: { "x-amz-copy-source": "media/file" } });
    const failed = await copy();
    expect([failed.status, await codeOf(failed)]).toEqual([200, "InternalError"]);
    expect((await faulty.send("copy")).status).toBe(404);
    expect(await (await copy()).text()).toContain("CopyObjectResult");
  });

  test("are injected in the same order for the same seed, and never into a refused request", async () => {
    const run = async () => {
      await using faulty = await startBucket({ bucketSlowDown: 0.5, seed: 7 });
      const statuses: number[] = [];
      for (let i = 0; i < 12; i++) {
        expect((await fetch(faulty.url("x"))).status).toBe(403);
        statuses.push((await faulty.send("x", { method: "PUT", body: "x" })).status);
      }
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 503]));
    expect(await run()).toEqual(first);
  });
});

test("the default credentials are those of AWS's published examples", () => {
  expect(bucket.emulator.bucket).toMatchObject(testCredentials);
  expect(testCredentials.accessKeyId).toMatch(/EXAMPLE$/);
});
