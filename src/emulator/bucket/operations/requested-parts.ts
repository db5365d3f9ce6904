import { checksumElement } from "../checksum.ts";
import type { MultipartUpload, StoredPart } from "../multipart.ts";
import { S3Error } from "../s3-error.ts";
import { innerXml, texts } from "../xml.ts";

/**
 * The parts that a CompleteMultipartUpload names, in its order.
 * @throws S3Error if one is missing, changed, out of order, too small, or lacks the upload's checksum
 */
export function requestedParts(xml: string, upload: MultipartUpload, minPartSize: number): StoredPart[] {
  const named = innerXml(xml, "Part").map((part) => {
    const number = Number(texts(part, "PartNumber")[0]);
    const stored = upload.parts.get(number);
    const etag = texts(part, "ETag")[0]?.replace(/^"|"$/g, "");
    if (!stored || etag !== stored.md5) throw invalidPart(upload, number, etag);
    checkPartChecksum(part, stored, upload);
    return stored;
  });
  if (named.length === 0)
    throw new S3Error(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  if (named.some((part, i) => i > 0 && part.number <= (named[i - 1]?.number ?? 0)))
    throw new S3Error(
      "InvalidPartOrder",
      "The list of parts was not in ascending order. The parts list must be specified in order by part number.",
      { UploadId: upload.id },
    );
  const small = named.slice(0, -1).find((part) => part.size < minPartSize);
  if (small)
    throw new S3Error("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
      ProposedSize: String(small.size),
      MinSizeAllowed: String(minPartSize),
      PartNumber: String(small.number),
      ETag: small.md5,
    });
  return named;
}

/** An upload created with an algorithm needs each part's checksum again; any that is given must be right. */
function checkPartChecksum(part: string, stored: StoredPart, { algorithm, id }: MultipartUpload): void {
  const used = algorithm ?? stored.checksum?.algorithm;
  const given = used && texts(part, checksumElement(used))[0];
  if (algorithm && given === undefined)
    throw new S3Error(
      "InvalidRequest",
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${stored.number} in the request.`,
    );
  if (given !== undefined && given !== stored.checksum?.value)
    throw new S3Error(
      "InvalidPart",
      "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { UploadId: id, PartNumber: String(stored.number) },
    );
}

const invalidPart = (upload: MultipartUpload, number: number, etag: string | undefined): S3Error =>
  new S3Error(
    "InvalidPart",
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    {
      UploadId: upload.id,
      PartNumber: String(number),
      ETag: etag ?? "",
    },
  );
