/** A Git LFS pointer: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md, "The Pointer", read 2026-11-22. */
export interface LfsPointer {
  /** SHA-256 of the object, in hex. */
  oid: string;
  /** Bytes of the object. */
  size: number;
}

/** A pointer file is under 1,024 bytes. */
export const pointerCap = 1024;

/** What a file's bytes point to, or null where they are no pointer. */
export function parsePointer(bytes: Uint8Array): LfsPointer | null {
  if (bytes.byteLength >= pointerCap) return null;
  const text = new TextDecoder().decode(bytes);
  if (!/^version https?:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n/.test(text)) return null;
  const oid = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = /^size (\d{1,15})$/m.exec(text)?.[1];
  return oid && size ? { oid, size: Number(size) } : null;
}
