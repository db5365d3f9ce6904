import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromBytes } from "../../src/bytes/memory.ts";
import type { ByteSource } from "../../src/bytes/source.ts";
import type { Evidence } from "../../src/facts/evidence.ts";
import { readEvidence } from "./read-evidence.ts";

/*
 * All that is read of each fixture by the project's own readers, claim by claim, and of its first half and all but
 * its last byte: what the report's facts do not show (which claims there are and where they come from, what is
 * missing and where) but its verdict rests on. A change of the recorded lines is a change of behaviour: look at each
 * one before `vitest run -u` takes it.
 */

const root = new URL("../../fixtures/", import.meta.url);
const names = globSync("{audio,damaged,image,refused,video}/*", { cwd: root.pathname })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => !name.endsWith(".json"))
  .sort();

/** A file of this size is cut once only: reading it is the slow part. */
const large = 200_000;

test("fixtures are found", () => expect(names.length).toBeGreaterThan(200));

test.each(names)("%s", async (name) => {
  const bytes = new Uint8Array(readFileSync(new URL(name, root)));
  const whole = await summary(fromBytes(bytes));
  const lines = [`whole: ${whole}`];
  if (bytes.length > 1 && bytes.length < large)
    lines.push(`less a byte: ${await summary(fromBytes(bytes.subarray(0, -1)))}`);
  if (bytes.length > 1)
    lines.push(`half: ${await summary(fromBytes(bytes.subarray(0, Math.floor(bytes.length / 2))))}`);
  expect(lines.join("\n")).toMatchSnapshot();
  // The same comes of bytes that come later, and in small pieces.
  expect(await summary(piecemeal(bytes))).toBe(whole);
});

const piecemeal = (bytes: Uint8Array): ByteSource => ({
  ...fromBytes(bytes),
  minReadSize: 64,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
});

async function summary(source: ByteSource): Promise<string> {
  // The clock stays out of it: a busy machine would end it sooner.
  const budgets = { milliseconds: Number.POSITIVE_INFINITY };
  const { format, kind, facts, sizes, durations, frameRates, damage, unread, unusual }: Evidence =
    await readEvidence(source, { budgets });
  const said = Object.entries(facts).filter(
    ([key, value]) => value !== null && key !== "format" && key !== "bytes",
  );
  return [
    `${format} ${kind}`,
    said.map(([key, value]) => `${key} ${value}`).join(", "),
    sizes.map((s) => `${s.width}×${s.height}${s.aspect ? ` (${near(s.aspect)})` : ""} ${s.from}`).join(", "),
    durations.map((d) => `${near(d.value)} s ${d.from}`).join(", "),
    frameRates.map((f) => `${near(f.value)} fps ${f.from}`).join(", "),
    damage
      .map((d) => `${d.certain ? "" : "perhaps "}${d.code} ${d.part} at ${d.at}, missing ${d.missing}`)
      .join(", "),
    unread.map(({ fact, why }) => `${fact} unread: ${Object.values(why).join(" ")}`).join(", "),
    [...unusual].sort().join(", "),
  ]
    .filter((part) => part !== "")
    .join("; ");
}

/** Without the tail that the order of additions leaves. */
const near = (value: number): number => Number(value.toPrecision(10));
