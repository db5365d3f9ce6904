/** Bytes that arrive once, in order: a web stream, a Response, Node.js's Readable, any async iterable of bytes. */
export type StreamInput = ReadableStream<Uint8Array> | Response | AsyncIterable<Uint8Array>;

/** A Response, of this runtime's fetch or of a library's. */
export function isResponse(input: object): input is Response {
  return "bodyUsed" in input && "status" in input;
}

/** Whether an input is a stream, which must be spooled before it can be read at random. */
export function isStreamInput(input: unknown): input is StreamInput {
  if (typeof input !== "object" || input === null) return false;
  return isResponse(input) || input instanceof ReadableStream || Symbol.asyncIterator in input;
}
