/** A small picture of a file that an engine of ours encoded. */
export interface Thumbnail {
  format: "webp" | "jpeg";
  bytes: Uint8Array;
}
