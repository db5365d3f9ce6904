import { describe, expect, test } from "vitest";
import { bucketSettings } from "../../../src/emulator/bucket/options.ts";
import { S3Error } from "../../../src/emulator/bucket/s3-error.ts";
import { parseRequest } from "../../../src/emulator/bucket/signature/request.ts";
import { canonicalRequest } from "../../../src/emulator/bucket/signature/signature.ts";
import { verify } from "../../../src/emulator/bucket/signature/verify.ts";

/*
 * AWS's published examples for S3: "Authenticating Requests: Using the Authorization Header / Query Parameters (AWS
 * Signature Version 4)", Amazon S3 API Reference, read 2026-11. All are dated 2013-05-24, in us-east-1.
 */

const settings = bucketSettings("examplebucket");
const now = Date.parse("2013-05-24T00:00:00Z");
const scope = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const host = "examplebucket.s3.amazonaws.com";

interface Example {
  method: string;
  url: string;
  headers: Record<string, string>;
}

const signed = (signedHeaders: string, signature: string): { authorization: string } => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=${signedHeaders},Signature=${signature}`,
});
const common = { host, "x-amz-date": "20130524T000000Z", "x-amz-content-sha256": emptyHash };

const examples: Record<string, Example> = {
  "GET Object": {
    method: "GET",
    url: "/test.txt",
    headers: {
      ...common,
      range: "bytes=0-9",
      ...signed(
        "host;range;x-amz-content-sha256;x-amz-date",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
      ),
    },
  },
  "PUT Object": {
    method: "PUT",
    url: "/test$file.text",
    headers: {
      ...common,
      date: "Fri, 24 May 2013 00:00:00 GMT",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
      "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
      ...signed(
        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
      ),
    },
  },
  "GET Bucket Lifecycle": {
    method: "GET",
    url: "/?lifecycle",
    headers: {
      ...common,
      ...signed(
        "host;x-amz-content-sha256;x-amz-date",
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
      ),
    },
  },
  "Get Bucket (List Objects)": {
    method: "GET",
    url: "/?max-keys=2&prefix=J",
    headers: {
      ...common,
      ...signed(
        "host;x-amz-content-sha256;x-amz-date",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
      ),
    },
  },
  "GET Object by query parameters": {
    method: "GET",
    url: `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(scope)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
    headers: { host },
  },
};

const parse = ({ method, url, headers }: Example) => {
  const headersDistinct = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return parseRequest({ method, url, headersDistinct }, settings.name);
};

function refusalOf(example: Example, at = now): string {
  try {
    verify(parse(example), settings, at);
  } catch (error) {
    return error instanceof S3Error ? error.code : String(error);
  }
  return "accepted";
}

describe.each(Object.entries(examples))("AWS's example %s", (_, example) => {
  test("is accepted", () => {
    expect(refusalOf(example)).toBe("accepted");
  });

  test("is refused with another method, path, query or signed header", () => {
    const method = example.method === "GET" ? "HEAD" : "GET";
    expect(refusalOf({ ...example, method })).toBe("SignatureDoesNotMatch");
    expect(refusalOf({ ...example, url: example.url.replace("/", "/other") })).toBe("SignatureDoesNotMatch");
    const added = `${example.url}${example.url.includes("?") ? "&" : "?"}versionId=1`;
    expect(refusalOf({ ...example, url: added })).toBe("SignatureDoesNotMatch");
    const headers = { ...example.headers, host: `${host}:8080` };
    expect(refusalOf({ ...example, headers })).toBe("SignatureDoesNotMatch");
  });

  test("is refused with any digit of its signature changed", () => {
    const text = JSON.stringify(example);
    const signature = /Signature=([0-9a-f]{64})/.exec(text)?.[1] ?? "";
    for (let i = 0; i < signature.length; i++) {
      const digit = ((Number.parseInt(signature[i] ?? "0", 16) + 1) % 16).toString(16);
      const changed = signature.slice(0, i) + digit + signature.slice(i + 1);
      expect(refusalOf(JSON.parse(text.replace(signature, changed)))).toBe("SignatureDoesNotMatch");
    }
  });

  test("is refused with an x-amz- header that is not signed", () => {
    const headers = { ...example.headers, "x-amz-meta-owner": "other" };
    expect(refusalOf({ ...example, headers })).toBe("AccessDenied");
  });

  test("is refused for another region, service, day or key", () => {
    const change = (from: string, to: string) =>
      JSON.parse(
        JSON.stringify(example).replace(from, to).replace(encodeURIComponent(from), encodeURIComponent(to)),
      );
    const malformed = example.headers.authorization
      ? "AuthorizationHeaderMalformed"
      : "AuthorizationQueryParametersError";
    expect(refusalOf(change("/us-east-1/", "/eu-west-1/"))).toBe(malformed);
    expect(refusalOf(change("/s3/", "/sqs/"))).toBe(malformed);
    expect(refusalOf(change("/20130524/", "/20130525/"))).toBe(malformed);
    expect(refusalOf(change("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLF"))).toBe("InvalidAccessKeyId");
  });
});

describe("time", () => {
  const minutes = 60_000;
  const byHeader = examples["GET Object"] as Example;
  const byQuery = examples["GET Object by query parameters"] as Example;

  test("an Authorization header is accepted up to 15 minutes early or late", () => {
    expect(refusalOf(byHeader, now + 15 * minutes)).toBe("accepted");
    expect(refusalOf(byHeader, now - 15 * minutes)).toBe("accepted");
    expect(refusalOf(byHeader, now + 15 * minutes + 1000)).toBe("RequestTimeTooSkewed");
    expect(refusalOf(byHeader, now - 15 * minutes - 1000)).toBe("RequestTimeTooSkewed");
  });

  test("a presigned URL is accepted until it expires, and not before it was signed", () => {
    const day = 24 * 60 * minutes;
    expect(refusalOf(byQuery, now + day)).toBe("accepted");
    expect(refusalOf(byQuery, now + day + 1)).toBe("AccessDenied");
    expect(refusalOf(byQuery, now - 16 * minutes)).toBe("AccessDenied");
  });

  test("a presigned URL's lifetime cannot be changed, and is at most a week", () => {
    const expires = (value: string) => ({ ...byQuery, url: byQuery.url.replace("=86400", `=${value}`) });
    expect(refusalOf(expires("86401"))).toBe("SignatureDoesNotMatch");
    expect(refusalOf(expires("604801"))).toBe("AuthorizationQueryParametersError");
    expect(refusalOf(expires("-1"))).toBe("AuthorizationQueryParametersError");
    expect(refusalOf(expires(""))).toBe("AuthorizationQueryParametersError");
  });
});

describe("the canonical request", () => {
  const canonicalPath = (url: string): string | undefined =>
    canonicalRequest(parse({ method: "GET", url, headers: { host } }), {
      signedHeaders: ["host"],
      payloadHash: "UNSIGNED-PAYLOAD",
      amzDate: "",
      scope: "",
    }).split("\n")[1];

  test("does not normalise the path, and encodes it once", () => {
    expect(canonicalPath("/a//b/../c/./d")).toBe("/a//b/../c/./d");
    expect(canonicalPath("/a%2Fb%20c%7e")).toBe("/a/b%20c~");
    expect(canonicalPath("/%E4%BD%A0$!")).toBe("/%E4%BD%A0%24%21");
  });

  test("sorts parameters by their encoded names, then values", () => {
    const request = parse({ method: "GET", url: "/?b=2&a=1&b=1&c&%41=x", headers: { host } });
    const query = canonicalRequest(request, {
      signedHeaders: [],
      payloadHash: "",
      amzDate: "",
      scope: "",
    }).split("\n")[2];
    expect(query).toBe("A=x&a=1&b=1&b=2&c=");
  });
});
