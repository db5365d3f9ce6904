import type { Facts } from "../facts/facts.ts";
import type { Finding } from "./report.ts";

const names: Readonly<Record<string, string>> = { "aspect-ratio": "aspectRatio", "frame-rate": "frameRate" };

/** The message key of the property that a finding is about: "duration", "aspectRatio", "audioCodec". */
export function limitLabel({ rule, actual }: Pick<Finding, "rule" | "actual">, facts: Facts): string {
  const last = rule.split("/")[1] ?? rule;
  // Both codecs of a video have the same rule id.
  if (last === "codec")
    return actual === facts.audioCodec && actual !== facts.videoCodec ? "audioCodec" : "videoCodec";
  return names[last] ?? last;
}
