import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { findChromium } from "./browser/chromium.ts";

const browserTests = "test/browser/**/*.browser.test.ts";

const root = new URL("..", import.meta.url).pathname;

export default defineConfig(async () => ({
  root,
  test: {
    projects: [
      {
        root,
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: [browserTests, "test/hooks/**", "test/package/**"],
          testTimeout: 30_000,
        },
      },
      {
        root,
        test: {
          name: "browser",
          include: [browserTests],
          testTimeout: 30_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: await findChromium() } }),
            instances: [{ browser: "chromium" as const }],
          },
        },
      },
    ],
  },
}));
