import type { StoredObject } from "../objects.ts";
import { S3Error } from "../s3-error.ts";
import { percentDecode } from "../signature/percent.ts";
import { headerOf } from "../signature/request.ts";
import type { Exchange } from "./exchange.ts";

/** The object that `x-amz-copy-source` names: `bucket/key` or `/bucket/key`, URL-encoded. @throws S3Error */
export function copySource({ request, objects, settings }: Exchange): StoredObject {
  const header = headerOf(request, "x-amz-copy-source") ?? "";
  const path = percentDecode(header.replaceAll("+", " ")).toString("utf8").replace(/^\//, "");
  const slash = path.indexOf("/");
  if (slash <= 0 || slash === path.length - 1)
    throw new S3Error(
      "InvalidArgument",
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
    );
  if (path.slice(0, slash) !== settings.name)
    throw new S3Error("NoSuchBucket", "The specified bucket does not exist", {
      BucketName: path.slice(0, slash),
    });
  const source = objects.get(path.slice(slash + 1));
  if (!source)
    throw new S3Error("NoSuchKey", "The specified key does not exist.", { Key: path.slice(slash + 1) });
  return source;
}
