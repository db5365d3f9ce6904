import { emptyResponse, type S3Response } from "../response.ts";
import {
  bucketLocation,
  deleteCors,
  deleteLifecycle,
  getCors,
  getLifecycle,
  putCors,
  putLifecycle,
} from "./configuration.ts";
import type { Exchange } from "./exchange.ts";
import { listObjects, listParts, listUploads } from "./lists.ts";
import { abortUpload, completeUpload, createUpload, uploadPart, uploadPartCopy } from "./multipart.ts";
import { copyObject, deleteObject, putObject, readObject } from "./objects.ts";
import type { BucketOperation } from "./operation.ts";

type OperationHandler = (exchange: Exchange) => Promise<S3Response>;

/** What each operation does. */
export const operationHandlers: Readonly<Record<Exclude<BucketOperation, "Preflight">, OperationHandler>> = {
  PutObject: putObject,
  GetObject: readObject,
  HeadObject: readObject,
  DeleteObject: deleteObject,
  CopyObject: copyObject,
  CreateMultipartUpload: createUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  CompleteMultipartUpload: completeUpload,
  AbortMultipartUpload: abortUpload,
  ListParts: listParts,
  ListMultipartUploads: listUploads,
  ListObjectsV2: listObjects,
  HeadBucket: async () => emptyResponse(200),
  GetBucketLocation: bucketLocation,
  GetBucketCors: getCors,
  PutBucketCors: putCors,
  DeleteBucketCors: deleteCors,
  GetBucketLifecycleConfiguration: getLifecycle,
  PutBucketLifecycleConfiguration: putLifecycle,
  DeleteBucketLifecycle: deleteLifecycle,
};
