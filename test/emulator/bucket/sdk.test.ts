import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketCorsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytes, sha256Base64, startBucket, type TestBucket } from "./start-bucket.ts";

/* The AWS SDK as an independent judge of the emulator's bucket. */

const Bucket = "media";
const MiB = 1024 * 1024;
let bucket: TestBucket;
let s3: S3Client;

beforeAll(async () => {
  bucket = await startBucket();
  s3 = clientOf(bucket);
});
afterAll(async () => {
  s3.destroy();
  await bucket[Symbol.asyncDispose]();
});

function clientOf(
  { emulator }: TestBucket,
  secretAccessKey = emulator.bucket?.secretAccessKey ?? "",
): S3Client {
  const { endpoint = "", region = "", accessKeyId = "" } = emulator.bucket ?? {};
  const credentials = { accessKeyId, secretAccessKey };
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
}

const failure = (sending: Promise<unknown>): Promise<unknown> =>
  sending.then(
    () => "no error",
    (error: { name: string; $metadata: { httpStatusCode: number; requestId?: string } }) => {
      return { name: error.name, status: error.$metadata.httpStatusCode };
    },
  );

describe("objects", () => {
  test("are put, read, listed and deleted, with every character a key may have", async () => {
    const Key = "prefix/ä +&=?#%2F~*'()!$@:;,<>.mp4";
    const Body = bytes(100_000);
    const put = await s3.send(
      new PutObjectCommand({ Bucket, Key, Body, ContentType: "video/mp4", Metadata: { origin: "test" } }),
    );
    expect(put.ETag).toBe(`"${createHash("md5").update(Body).digest("hex")}"`);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToByteArray()).toEqual(Body);
    expect(got).toMatchObject({ ContentType: "video/mp4", Metadata: { origin: "test" } });
    const listed = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "prefix/" }));
    expect(listed.Contents).toMatchObject([{ Key, Size: 100_000, ETag: put.ETag }]);
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key })))).toEqual({
      name: "NoSuchKey",
      status: 404,
    });
  });

  test("answer single ranges, and 416 past their end", async () => {
    const Body = bytes(1000);
    await s3.send(new PutObjectCommand({ Bucket, Key: "ranges", Body }));
    const range = async (Range: string) => {
      const answer = await s3.send(new GetObjectCommand({ Bucket, Key: "ranges", Range }));
      return { range: answer.ContentRange, bytes: await answer.Body?.transformToByteArray() };
    };
    expect(await range("bytes=10-19")).toEqual({ range: "bytes 10-19/1000", bytes: Body.slice(10, 20) });
    expect(await range("bytes=-5")).toEqual({ range: "bytes 995-999/1000", bytes: Body.slice(-5) });
    expect(await range("bytes=990-2000")).toEqual({ range: "bytes 990-999/1000", bytes: Body.slice(990) });
    expect(await failure(range("bytes=1000-"))).toEqual({ name: "InvalidRange", status: 416 });
  });

  test("store the given SHA-256, and HEAD returns it on request", async () => {
    const Body = bytes(5000);
    const ChecksumSHA256 = sha256Base64(Body);
    await s3.send(new PutObjectCommand({ Bucket, Key: "sums", Body, ChecksumSHA256 }));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "sums", ChecksumMode: "ENABLED" }));
    expect(head).toMatchObject({ ChecksumSHA256, ChecksumType: "FULL_OBJECT", ContentLength: 5000 });
    const plain = await bucket.send("sums", { method: "HEAD" });
    expect(plain.headers.get("x-amz-checksum-sha256")).toBeNull();
    const wrong = new PutObjectCommand({ Bucket, Key: "sums", Body, ChecksumSHA256: sha256Base64("other") });
    expect(await failure(s3.send(wrong))).toEqual({ name: "BadDigest", status: 400 });
  });

  test("are written once with If-None-Match: *", async () => {
    const put = (text: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key: "once", Body: text, IfNoneMatch: "*" }));
    await put("first");
    expect(await failure(put("second"))).toEqual({ name: "PreconditionFailed", status: 412 });
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "once" }));
    expect(await got.Body?.transformToString()).toBe("first");
  });

  test("are copied only while their ETag is the one given", async () => {
    const put = await s3.send(new PutObjectCommand({ Bucket, Key: "incoming/a b", Body: "one" }));
    const copy = (Key: string) =>
      s3.send(
        new CopyObjectCommand({
          Bucket,
          Key,
          CopySource: `${Bucket}/incoming/a%20b`,
          CopySourceIfMatch: put.ETag,
          ChecksumAlgorithm: "SHA256",
        }),
      );
    const { CopyObjectResult } = await copy("content/1");
    expect(CopyObjectResult).toMatchObject({ ETag: put.ETag, ChecksumSHA256: sha256Base64("one") });
    await s3.send(new PutObjectCommand({ Bucket, Key: "incoming/a b", Body: "two" }));
    expect(await failure(copy("content/2"))).toEqual({ name: "PreconditionFailed", status: 412 });
    expect(await failure(s3.send(new HeadObjectCommand({ Bucket, Key: "content/2" })))).toEqual({
      name: "NotFound",
      status: 404,
    });
  });

  test("are listed in pages, with common prefixes", async () => {
    for (const Key of ["list/b/1", "list/b/2", "list/a", "list/c", "list/d"])
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: "-" }));
    const keys: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({
          Bucket,
          Prefix: "list/",
          Delimiter: "/",
          MaxKeys: 1,
          ...(ContinuationToken && { ContinuationToken }),
        }),
      );
      keys.push(...(page.Contents ?? []).map((one) => one.Key));
      keys.push(...(page.CommonPrefixes ?? []).map((one) => one.Prefix));
      ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
      expect(keys.length).toBeLessThan(6);
    } while (ContinuationToken);
    expect(keys).toEqual(["list/a", "list/b/", "list/c", "list/d"]);
  });
});

describe("multipart uploads", () => {
  const Key = "parts.mp4";
  const parts = [bytes(5 * MiB, 1), bytes(5 * MiB, 2), bytes(10, 3)];
  const create = async () => {
    const made = await s3.send(
      new CreateMultipartUploadCommand({
        Bucket,
        Key,
        ChecksumAlgorithm: "SHA256",
        ContentType: "video/mp4",
      }),
    );
    return { Bucket, Key, UploadId: made.UploadId };
  };
  const upload = async (id: Awaited<ReturnType<typeof create>>, PartNumber: number, Body: Uint8Array) => {
    const ChecksumSHA256 = sha256Base64(Body);
    const part = await s3.send(new UploadPartCommand({ ...id, PartNumber, Body, ChecksumSHA256 }));
    return { PartNumber, ETag: part.ETag, ChecksumSHA256: part.ChecksumSHA256 };
  };

  test("are put together in order, with a composite checksum", async () => {
    const id = await create();
    const [third, first, second] = [
      await upload(id, 3, parts[2] as Uint8Array),
      await upload(id, 1, parts[0] as Uint8Array),
      await upload(id, 2, parts[1] as Uint8Array),
    ];
    const listed = await s3.send(new ListPartsCommand(id));
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 5 * MiB],
      [2, 5 * MiB],
      [3, 10],
    ]);
    expect(listed.Parts?.[0]?.ChecksumSHA256).toBe(first?.ChecksumSHA256);
    const uploads = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "parts" }));
    expect(uploads.Uploads).toMatchObject([{ Key, UploadId: id.UploadId }]);
    const MultipartUpload = { Parts: [first, second, third] };
    const done = await s3.send(new CompleteMultipartUploadCommand({ ...id, MultipartUpload }));
    const sums = Buffer.concat(parts.map((part) => Buffer.from(sha256Base64(part), "base64")));
    expect(done.ChecksumSHA256).toBe(`${sha256Base64(sums)}-3`);
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(
      Buffer.compare((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0), Buffer.concat(parts)),
    ).toBe(0);
    const again = s3.send(new CompleteMultipartUploadCommand({ ...id, MultipartUpload }));
    expect(await failure(again)).toEqual({ name: "NoSuchUpload", status: 404 });
  });

  test("are refused with a part too small, out of order, changed, missing or without its checksum", async () => {
    const id = await create();
    const small = await upload(id, 1, parts[2] as Uint8Array);
    const big = await upload(id, 2, parts[0] as Uint8Array);
    const complete = (...Parts: object[]) =>
      failure(s3.send(new CompleteMultipartUploadCommand({ ...id, MultipartUpload: { Parts } })));
    expect(await complete(small, big)).toEqual({ name: "EntityTooSmall", status: 400 });
    expect(await complete(big, small)).toEqual({ name: "InvalidPartOrder", status: 400 });
    expect(await complete({ ...big, ETag: small.ETag })).toEqual({ name: "InvalidPart", status: 400 });
    expect(await complete({ ...big, PartNumber: 4 })).toEqual({ name: "InvalidPart", status: 400 });
    expect(await complete({ ...big, ChecksumSHA256: undefined })).toEqual({
      name: "InvalidRequest",
      status: 400,
    });
    const unsummed = s3.send(new UploadPartCommand({ ...id, PartNumber: 3, Body: "x" }));
    expect(await failure(unsummed)).toEqual({ name: "InvalidRequest", status: 400 });
    await s3.send(new AbortMultipartUploadCommand(id));
    expect(await failure(upload(id, 1, bytes(1)))).toEqual({ name: "NoSuchUpload", status: 404 });
  });

  test("do not replace an object with If-None-Match: *", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "there" }));
    const id = await create();
    const MultipartUpload = { Parts: [await upload(id, 1, bytes(3))] };
    const complete = new CompleteMultipartUploadCommand({ ...id, MultipartUpload, IfNoneMatch: "*" });
    expect(await failure(s3.send(complete))).toEqual({ name: "PreconditionFailed", status: 412 });
  });

  test("take parts from an object in the bucket", async () => {
    const body = bytes(100, 9);
    await s3.send(new PutObjectCommand({ Bucket, Key: "whole", Body: body }));
    const id = await create();
    const CopySourceRange = "bytes=10-19";
    const part = await s3.send(
      new UploadPartCopyCommand({ ...id, PartNumber: 1, CopySource: `${Bucket}/whole`, CopySourceRange }),
    );
    expect(part.CopyPartResult?.ChecksumSHA256).toBe(sha256Base64(body.slice(10, 20)));
  });
});

describe("the bucket", () => {
  test("keeps CORS rules and a lifecycle", async () => {
    await s3.send(new HeadBucketCommand({ Bucket }));
    expect(await failure(s3.send(new GetBucketCorsCommand({ Bucket })))).toMatchObject({
      name: "NoSuchCORSConfiguration",
    });
    const rule = { AllowedOrigins: ["https://a.example"], AllowedMethods: ["PUT"], ExposeHeaders: ["ETag"] };
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }));
    const got = await s3.send(new GetBucketCorsCommand({ Bucket }));
    expect(got.CORSRules).toMatchObject([rule]);
    const Rules = [{ Status: "Enabled" as const, Filter: { Prefix: "incoming/" }, Expiration: { Days: 1 } }];
    const put = new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } });
    await s3.send(put);
    const lifecycle = await bucket.aws.fetch(bucket.url("", "?lifecycle"));
    expect(await lifecycle.text()).toContain("<Prefix>incoming/</Prefix>");
  });

  test("refuses a client with another secret", async () => {
    const other = clientOf(bucket, "another-secret");
    const put = other.send(new PutObjectCommand({ Bucket, Key: "x", Body: "x" }));
    expect(await failure(put)).toEqual({ name: "SignatureDoesNotMatch", status: 403 });
    other.destroy();
  });
});
