import type { Readable } from "node:stream";
import { corsHeaders } from "./cors.ts";
import { Uploads } from "./multipart.ts";
import { type BucketDisk, Objects } from "./objects.ts";
import type { Configuration } from "./operations/configuration.ts";
import { operationHandlers } from "./operations/handlers.ts";
import { type BucketOperation, operationOf } from "./operations/operation.ts";
import type { BucketSettings } from "./options.ts";
import { emptyResponse, type S3Response } from "./response.ts";
import { S3Error } from "./s3-error.ts";
import type { S3Request } from "./signature/request.ts";
import { type Verified, verify } from "./signature/verify.ts";

/** S3's limit of a key, in bytes of UTF-8. */
const longestKey = 1024;

/** A request whose signature and target are valid. */
export interface VerifiedRequest extends Verified {
  operation: BucketOperation;
}

/** The bucket without a port: verifies requests and performs them. */
export class Bucket {
  readonly settings: BucketSettings;
  readonly objects: Objects;
  readonly #uploads = new Uploads();
  readonly #configuration: Configuration;

  constructor(settings: BucketSettings, disk: BucketDisk) {
    this.settings = settings;
    this.objects = new Objects(disk);
    this.#configuration = { cors: settings.cors, lifecycle: null };
  }

  /** Headers for a page; none if no CORS rule allows it. @throws S3Error for a preflight that no rule allows */
  corsHeaders(request: S3Request): Record<string, string> {
    return corsHeaders(request, this.#configuration.cors);
  }

  /** Verifies a request before its body is read. @throws S3Error */
  verify(request: S3Request): VerifiedRequest {
    if (request.method === "OPTIONS") return { operation: "Preflight", payloadHash: null };
    const verified = this.#readsAnonymously(request)
      ? { payloadHash: null }
      : verify(request, this.settings, this.settings.now());
    const name = this.settings.name;
    if (request.bucket !== name)
      throw request.bucket === ""
        ? new S3Error("NotImplemented", `This emulator has one bucket, ${name}, and does not list buckets.`)
        : new S3Error("NoSuchBucket", "The specified bucket does not exist", { BucketName: request.bucket });
    if (Buffer.byteLength(request.key) > longestKey)
      throw new S3Error("KeyTooLongError", "Your key is too long", { MaxSizeAllowed: String(longestKey) });
    return { ...verified, operation: operationOf(request) };
  }

  #readsAnonymously(request: S3Request): boolean {
    const { publicRead } = this.settings;
    if (!publicRead || request.key === "" || !/^(?:GET|HEAD)$/.test(request.method)) return false;
    return !request.headers.has("authorization") && request.query.length === 0;
  }

  /** @throws S3Error; ConnectionCut */
  async perform(
    request: S3Request,
    { operation, payloadHash }: VerifiedRequest,
    incoming: Readable,
    cutAfter: number | null,
  ): Promise<S3Response> {
    if (operation === "Preflight") return emptyResponse(200);
    return operationHandlers[operation]({
      request,
      incoming,
      payloadHash,
      cutAfter,
      objects: this.objects,
      uploads: this.#uploads,
      settings: this.settings,
      configuration: this.#configuration,
    });
  }

  /**
   * What the service gets by a GET of one of this bucket's URLs: the path of the bytes.
   * @throws S3Error
   */
  async fileOf(request: S3Request): Promise<string> {
    this.verify(request);
    const object = this.objects.get(request.key);
    if (!object) throw new S3Error("NoSuchKey", "The specified key does not exist.", { Key: request.key });
    return this.objects.disk.path(object.file);
  }
}
