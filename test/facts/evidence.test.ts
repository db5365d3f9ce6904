import { expect, test } from "vitest";
import { cutShort, damaged, newEvidence, unread } from "../../src/facts/evidence.ts";

test("the number of missing bytes is stated where it can be counted", () => {
  const evidence = newEvidence(100);
  cutShort(evidence, "mdat", 40, 10);
  cutShort(evidence, "free", 50, 2, false);
  cutShort(evidence, "file", 40, Number.NEGATIVE_INFINITY);
  cutShort(evidence, "wide", 40, 2 ** 53 - 8);
  damaged(evidence, "no-index", "moov", null);
  expect(evidence.damage).toEqual([
    { code: "cut-short", part: "mdat", at: 40, missing: 10, certain: true },
    { code: "cut-short", part: "free", at: 50, missing: 2, certain: false },
    { code: "cut-short", part: "file", at: null, missing: null, certain: true },
    { code: "cut-short", part: "wide", at: null, missing: null, certain: true },
    { code: "no-index", part: "moov", at: null, missing: null, certain: true },
  ]);
});

test("an unread fact has a reason, and triggers a cross-check", () => {
  const evidence = newEvidence(100);
  unread(evidence, "duration");
  unread(evidence, "all", { code: "budget", which: "reads" });
  expect(evidence.unread).toEqual([
    { fact: "duration", why: { code: "not-stated" } },
    { fact: "all", why: { code: "budget", which: "reads" } },
  ]);
  expect([...evidence.unusual]).toEqual(["unread"]);
});
