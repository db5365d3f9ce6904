import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { findChromium } from "./browser/chromium.ts";

const browserTests = "test/browser/**/*.browser.test.ts";

const root = new URL("..", import.meta.url).pathname;

/** Many tests start processes and browsers, on machines that may be busy with other things. */
const patience = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig(async () => ({
  root,
  test: {
    projects: [
      {
        root,
        test: {
          name: "node",
          globalSetup: "test/state-folder.ts",
          include: ["test/**/*.test.ts"],
          exclude: [browserTests, "test/{hooks,package,fix/long,ledger/postgres/long}/**"],
          ...patience,
        },
      },
      {
        root,
        test: {
          name: "browser",
          include: [browserTests],
          ...patience,
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
