import { afterEach, describe, expect, test, vi } from "vitest";
import { type RunningEmulator, startEmulator, type Toggles } from "../../../src/emulator/index.ts";
import { ran } from "../run.ts";

let emulator: RunningEmulator;
afterEach(async () => {
  vi.unstubAllEnvs();
  await emulator.close();
});

async function generate(toggles: Partial<Toggles>, ...more: string[]) {
  emulator = await startEmulator({ processingMs: 0, ...toggles });
  vi.stubEnv("ATLASCLOUD_API_KEY", "test-key");
  vi.stubEnv("ATLASCLOUD_API_BASE_URL", emulator.apiBaseUrl);
  vi.stubEnv("ATLASCLOUD_CONSOLE_BASE_URL", emulator.consoleBaseUrl);
  return ran(["generate", "--model", "m", "--prompt", "a boat", ...more]);
}

describe("generate", () => {
  test("prints the output URL, exit 0", async () => {
    const { code, out } = await generate({ outputShape: "objects" });
    expect([code, out]).toEqual([0, expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/storage\/.*\n$/)]);
  });

  test.each<[string, Partial<Toggles>, string]>([
    [
      "a prediction that failed as HTTP 500",
      { predictionFailure: true, predictionFailureStatus: "500" },
      "1039",
    ],
    ["a success without a URL", { outputShape: "none" }, "without an output URL"],
  ])("exits 1 after %s", async (_, toggles, message) => {
    const { code, out, err } = await generate(toggles);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(message);
  });
});
