import type { Evidence } from "../../src/facts/evidence.ts";
import { type Format, formats } from "../../src/facts/formats.ts";
import { readers } from "../../src/facts/parsers.ts";
import type { FactsByTool } from "./cache.ts";
import type { ToolFacts } from "./tool-facts.ts";

type Value = number | string;

/** One fact over which we and at least one tool differ. */
export interface Disagreement {
  /** `!!` two tools agree against us; ` !` one does, none agrees with us; ` ?` the tools differ among themselves. */
  mark: "!!" | " !" | " ?";
  fact: string;
  ours: Value | null;
  factsByTool: Record<string, Value>;
}

const families: Partial<Record<Format, string>> = { heif: "heic", m4a: "mp4", "3g2": "3gp" };

/** All facts of a file on which results differ. Facts of damaged or refused files are not compared. */
export function compare(evidence: Evidence, all: FactsByTool): Disagreement[] {
  const found: Disagreement[] = [];
  const evaluate = (
    fact: string,
    ours: Value | null,
    pick: (name: string) => Value | null | undefined,
    same: (a: Value, b: Value) => boolean,
  ): void => {
    const factsByTool: Record<string, Value> = {};
    for (const name of Object.keys(all)) {
      const value = pick(name);
      if (value !== null && value !== undefined) factsByTool[name] = value;
    }
    const values = Object.values(factsByTool);
    const against = values.filter((value) => ours === null || !same(ours, value));
    if (against.length === 0) return;
    const agreeing = against.some((a, i) => against.some((b, j) => i < j && same(a, b)));
    const supported = against.length < values.length;
    found.push({ mark: supported ? " ?" : agreeing ? "!!" : " !", fact, ours, factsByTool });
  };
  const within = (tolerance: number) => (a: Value, b: Value) => Math.abs(Number(a) - Number(b)) <= tolerance;
  const family = (format: Value | null) => (format && families[format as Format]) || format;

  evaluate(
    "format",
    evidence.format,
    (name) => all[name]?.format,
    (a, b) => family(a) === family(b),
  );
  const damaged = evidence.damage.some((damage) => damage.certain);
  if (!evidence.format || !(evidence.format in readers) || damaged) return found;
  const { facts, kind } = evidence;
  if (kind !== "audio") {
    const size = facts.width === null ? null : `${facts.width}×${facts.height}`;
    evaluate(
      "size",
      size,
      (name) => (all[name]?.width ? `${all[name].width}×${all[name].height}` : null),
      (a, b) => a === b,
    );
  }
  if (kind !== "image") {
    evaluate(
      "duration",
      facts.duration,
      (name) => nearestDuration(facts.duration, all[name]),
      within(kind === "video" ? 0.03 : 0.06),
    );
  }
  if (kind === "video") evaluate("frameRate", facts.frameRate, (name) => all[name]?.frameRate, within(0.005));
  return found;
}

/** The tool's duration of the file or of its video track, whichever is nearer to ours. */
function nearestDuration(ours: number | null, facts: ToolFacts | null | undefined): number | null {
  const reported = [facts?.duration, facts?.trackDuration].filter((n): n is number => Boolean(n));
  return reported.sort((a, b) => Math.abs(a - (ours ?? 0)) - Math.abs(b - (ours ?? 0)))[0] ?? null;
}

/** Whether a full decode and our own structure check disagree on whether a file is intact. */
export function compareIntegrity(evidence: Evidence, all: FactsByTool): Disagreement | null {
  const decodeErrors = all.decode?.decodeErrors ?? null;
  const ours = evidence.damage.map((d) => `${d.code} ${d.part}${d.certain ? "" : "?"}`).join(", ");
  if (decodeErrors === null || (ours === "") === (decodeErrors === "")) return null;
  return {
    mark: ours ? "!!" : " ?",
    fact: "integrity",
    ours: ours || "intact",
    factsByTool: { decode: decodeErrors || "intact" },
  };
}

/** A format's name for the totals. */
export function label(format: Format | null): string {
  return format ? `${format} (${formats[format].kind ?? "no media"})` : "unknown";
}
