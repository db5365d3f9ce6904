import { describe, expect, it } from "vitest";
import { type Node, parse, serialise } from "../../../fixtures/make/mp4-edit.ts";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { fragmentBufferBytes } from "../../../src/facts/video/buffered-fragment.ts";
import { readEvidence } from "../read-evidence.ts";
import { fixture } from "./read-counted.ts";

/* Each fragment's header is read once, in file order, whatever the movie's header states later. */

/** The fixture's fragments, `times` over, with so many bytes of nothing after each, and as many in each moof. */
function spread(times: number, apart: number, inside = 0): Uint8Array {
  const free = (bytes: number): Node => ({ type: "free", body: new Uint8Array(bytes), children: null });
  const nodes = parse(fixture("fragmented.mp4")).filter((n) => n.type !== "mfra");
  const from = nodes.findIndex((n) => n.type === "moof");
  const fragments = nodes.slice(from).flatMap((node): Node[] => {
    const copy = structuredClone(node);
    if (node.type !== "moof") return [copy, free(apart)];
    if (inside) copy.children?.push(free(inside));
    return [copy];
  });
  const all = Array.from({ length: times }, () => fragments).flat();
  return serialise([...nodes.slice(0, from), ...all]);
}

async function read(bytes: Uint8Array) {
  const reads: number[] = [];
  const source = { ...fromBytes(bytes), minReadSize: 4096 };
  const counted = {
    ...source,
    read(offset: number, length: number) {
      reads.push(offset);
      return source.read(offset, length);
    },
  };
  const { facts, damage } = await readEvidence(counted, { budgets: { milliseconds: 20_000 } });
  return { reads, facts, damage };
}

describe("the headers of fragments far apart in the file", () => {
  it("are read once each", async () => {
    const { reads, facts, damage } = await read(spread(4, 100_000));
    expect(facts.frames).toBe(4 * 72);
    expect(damage).toEqual([]);
    // The first fragment is next to the movie's header.
    const fragments = parse(spread(4, 100_000)).filter((n) => n.type === "moof").length;
    expect(reads.length).toBe(fragments);
  });

  it("give the same facts if they are too large to buffer, alone or together", async () => {
    const inside = 60_000;
    const times = Math.ceil(fragmentBufferBytes / (inside * 3)) + 1;
    const many = await read(spread(times, 5000, inside));
    const large = await read(spread(2, 5000, 70_000));
    expect(many.facts.frames).toBe(times * 72);
    expect(large.facts.frames).toBe(2 * 72);
    expect([...many.damage, ...large.damage]).toEqual([]);
    // They are found in file order, and read later.
    const forward = (reads: number[]): boolean => reads.every((at, i) => i === 0 || at > (reads[i - 1] ?? 0));
    expect(forward(many.reads)).toBe(false);
    expect(forward(large.reads)).toBe(false);
  });
});
