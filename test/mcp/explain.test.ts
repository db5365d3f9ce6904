import { afterAll, beforeAll, expect, test } from "vitest";
import { scratch } from "../cli/run.ts";
import { connect, errorsOf, type Session, textOf } from "./session.ts";

/* explain: rule ids, error codes, codes of the service, HTTP statuses. */

const { path: home, remove } = scratch("mcp-explain");
let session: Session;
beforeAll(async () => {
  session = await connect({ cwd: home });
});
afterAll(async () => {
  await session.close();
  remove();
});

test.each(["video/pixels", "outcome-unknown", "path-refused", "PixelCountTooLarge", "429"])(
  "%s has a meaning, a cause and a cure",
  async (code) => {
    const result = await session.call("explain", { code });
    const { meaning, cause, cure } = result.structuredContent as Record<string, string>;
    for (const part of [meaning, cause, cure]) {
      expect(part?.length).toBeGreaterThan(5);
      expect(textOf(result)).toContain(part);
    }
  },
);

test("an unknown code is an error that names the nearest one", async () => {
  const result = await session.call("explain", { code: "PixelCountToLarge" });
  expect(errorsOf(result)).toMatchObject([
    { code: "usage", hint: expect.stringContaining("PixelCountTooLarge") },
  ]);
});

test("a code that is an error's and a rule's is explained as the error", async () => {
  const result = await session.call("explain", { code: "not-found" });
  expect(textOf(result)).toMatch(/file/);
  expect(textOf(result)).not.toMatch(/plain GET/);
});
