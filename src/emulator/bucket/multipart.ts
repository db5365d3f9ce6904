import { randomBytes } from "node:crypto";
import type { ChecksumAlgorithm } from "./checksum.ts";
import type { StoredBytes } from "./receive-body.ts";
import { S3Error } from "./s3-error.ts";

/** A part of a multipart upload. */
export interface StoredPart extends StoredBytes {
  number: number;
  file: string;
  lastModified: number;
}

/** A multipart upload that is neither completed nor aborted. */
export interface MultipartUpload {
  id: string;
  key: string;
  contentType: string;
  metadata: Readonly<Record<string, string>>;
  /** The checksum that every part must give; null: none. */
  algorithm: ChecksumAlgorithm | null;
  initiated: number;
  parts: Map<number, StoredPart>;
}

/** Multipart uploads in progress. They do not survive a restart of the emulator. */
export class Uploads {
  readonly #uploads = new Map<string, MultipartUpload>();

  create(fields: Omit<MultipartUpload, "id" | "parts">): MultipartUpload {
    const upload = { ...fields, id: randomBytes(24).toString("base64url"), parts: new Map() };
    this.#uploads.set(upload.id, upload);
    return upload;
  }

  /** @throws S3Error `NoSuchUpload`, also for the id of another key's upload */
  get(id: string | undefined, key: string): MultipartUpload {
    const upload = this.#uploads.get(id ?? "");
    if (upload?.key === key) return upload;
    throw new S3Error(
      "NoSuchUpload",
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
      { UploadId: id ?? "" },
    );
  }

  delete(id: string): void {
    this.#uploads.delete(id);
  }

  all(): MultipartUpload[] {
    return [...this.#uploads.values()];
  }
}
