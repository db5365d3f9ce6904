import { expect, test } from "vitest";
import { createAtlasClient, preflight, submit } from "../../src/index.ts";

const narrow = new URL("../../fixtures/image/jpeg-299x300.jpg", import.meta.url).pathname;

test("only and skip choose the rules that are evaluated, and the verdict covers these", async () => {
  const all = await preflight(narrow);
  expect(all.verdict).toBe("fail");
  const blocking = all.findings.map(({ rule }) => rule);
  expect(blocking).toContain("image/width");
  expect(await preflight(narrow, { only: ["image/size"] })).toMatchObject({ verdict: "pass", findings: [] });
  const width = await preflight(narrow, { only: ["width"] });
  expect([width.verdict, width.findings.map(({ rule }) => rule)]).toEqual(["fail", ["image/width"]]);
  const rest = await preflight(narrow, { skip: ["image/width"], findings: "all" });
  expect(rest.findings.map(({ rule }) => rule)).not.toContain("image/width");
  expect(rest.findings.map(({ rule }) => rule)).toContain("image/height");
});

test("a file that is not of the declared type never passes, whichever rules are chosen", async () => {
  const noise = new Uint8Array(100).fill(7);
  expect((await preflight(noise, { only: ["size"] })).verdict).toBe("fail");
  expect((await preflight(noise, { skip: ["format"] })).verdict).toBe("fail");
  expect((await preflight(narrow, { type: "video", only: ["size"] })).verdict).toBe("fail");
  expect((await preflight(new Uint8Array(0), { skip: ["format", "integrity"] })).verdict).toBe("fail");
});

test("a rule that does not exist is refused", async () => {
  await expect(preflight(narrow, { only: ["video/duraton"] })).rejects.toMatchObject({
    code: "usage",
    message: 'there is no rule "video/duraton"',
    hint: "did you mean duration?",
  });
  await expect(preflight(narrow, { skip: ["audio/xyzzy"] })).rejects.toMatchObject({ code: "usage" });
});

test("only and skip are refused when uploading", async () => {
  const atlas = createAtlasClient({
    apiKey: "k",
    apiBaseUrl: "http://127.0.0.1:9",
    consoleBaseUrl: "http://127.0.0.1:9",
  });
  for (const selection of [{ skip: ["width"] }, { only: ["size"] }])
    await expect(submit(narrow, { atlas, ...selection } as never)).rejects.toMatchObject({ code: "usage" });
});
