import { expect, test } from "vitest";
import { explainReason } from "../../src/fix/explain-reason.ts";
import { fixMessages } from "../../src/fix/messages.ts";

test("each reason why a file cannot be fixed has a cause and a remedy of its own", () => {
  const codes = Object.keys(fixMessages).flatMap((key) => /^cannot\.([\w-]+)$/.exec(key)?.[1] ?? []);
  const explained = codes.map(explainReason);
  expect(explained.length).toBeGreaterThan(20);
  for (const one of explained)
    expect(one).toMatchObject({ kind: "fix", meaning: expect.stringMatching(/^[A-Z].*\.$/) });
  expect(new Set(explained.map((one) => one?.cause)).size).toBe(codes.length);
  expect(new Set(explained.map((one) => one?.cure)).size).toBe(codes.length);
});

test.each(["no-format.chosen", "constructor", "pixels"])("%s is no such reason", (code) => {
  expect(explainReason(code)).toBeNull();
});
