import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { fromPath } from "../../../src/bytes/path.node.ts";
import type { ByteSource } from "../../../src/bytes/source.ts";
import { readWithLibrary } from "../../../src/facts/cross-check/read-with-library.ts";

export const fixture = (name: string): ByteSource => fromPath(`fixtures/${name}`);

/** The same source, and what was asked of it. */
export function counted(source: ByteSource): {
  source: ByteSource;
  bytes: () => number;
  furthest: () => number;
} {
  let bytes = 0;
  let furthest = 0;
  return {
    source: {
      size: source.size,
      name: source.name,
      minReadSize: source.minReadSize,
      read(offset, length) {
        bytes += Math.max(0, Math.min(length, (source.size ?? 0) - offset));
        furthest = Math.max(furthest, offset + length);
        return source.read(offset, length);
      },
    },
    bytes: () => bytes,
    furthest: () => furthest,
  };
}

/** Makes MediaInfo throw, after which it is created again, whether or not it was loaded before. */
export async function forgetMediaInfo(): Promise<void> {
  const gone = (): Promise<never> => Promise.reject(new Error("gone"));
  await expect(
    readWithLibrary("mediainfo", { format: null, size: 9, read: gone }, { wasm: gone }),
  ).rejects.toThrow("gone");
}

/** A real clip whose mdat, the last box, goes on for so many bytes more. */
export function lengthened(name: string, more: number): ByteSource {
  const clip = readFileSync(`fixtures/${name}`);
  const bytes = new Uint8Array(clip.length + more);
  bytes.set(clip);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (let next = at; next < clip.length; next += view.getUint32(next)) at = next;
  if (clip.toString("latin1", at + 4, at + 8) !== "mdat") throw new Error(`mdat is not last in ${name}`);
  view.setUint32(at, view.getUint32(at) + more);
  return fromBytes(bytes, name);
}

/** An MPEG sync followed by what looks like syncs without end: 2.9 s of music-metadata's time per MB. */
export function endlessSync(bytes: number): ByteSource {
  const noise = new Uint8Array(bytes).fill(255);
  noise.set([0xff, 0xfb, 0x90, 0x00]);
  return fromBytes(noise, "endless.mp3");
}
