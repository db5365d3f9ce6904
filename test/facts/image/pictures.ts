import { readFileSync } from "node:fs";
import { fromBytes } from "../../../src/bytes/memory.ts";
import type { Evidence } from "../../../src/facts/evidence.ts";
import { readEvidence } from "../read-evidence.ts";

/** Bytes of parts, one after the other: text is Latin-1. */
export const join = (...parts: (Uint8Array | string | readonly number[])[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Uint8Array.from(part))),
  );
/** Numbers of two and four bytes, little-endian; with `big`, big-endian. */
export const u16 = (value: number, big = false): number[] => {
  const bytes = [value & 255, (value >> 8) & 255];
  return big ? bytes.reverse() : bytes;
};
export const u32 = (value: number, big = false): number[] => {
  const bytes = [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);
  return big ? bytes.reverse() : bytes;
};
export const zeros = (count: number): Uint8Array => new Uint8Array(count);

export const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url)));

/** Reads bytes as preflight does, by a source that may not know its size; the clock stays out of it. */
export async function read(bytes: Uint8Array, known = true): Promise<Evidence> {
  const source = fromBytes(bytes);
  const budgets = { milliseconds: Number.POSITIVE_INFINITY };
  return readEvidence(known ? source : { ...source, size: null }, { budgets });
}

/** The picture in a line: format, size, rotation, frames; then what is damaged and what was not read. */
export function told({ format, facts, sizes, damage, unread }: Evidence): string {
  const size = `${format} ${sizes.map((s) => `${s.width}×${s.height}`).join("|")}`;
  const turn = facts.rotation ? ` turned ${facts.rotation}` : "";
  const frames = facts.frames === 1 ? "" : ` frames ${facts.frames}`;
  const broken = damage.map(
    (d) =>
      `; ${d.certain ? "" : "perhaps "}${d.code} ${d.part} at ${d.at}${d.missing ? ` by ${d.missing}` : ""}`,
  );
  return size + turn + frames + broken.join("") + unread.map((u) => `; ${u.fact} unread`).join("");
}
export const toldOf = async (bytes: Uint8Array, known = true): Promise<string> =>
  told(await read(bytes, known));
