import { defineConfig } from "vitest/config";

/* `npm run test:package`: the packed tarball in users' projects. It installs packages, so `npm test` is without it. */
export default defineConfig({
  test: {
    include: ["test/package/**/*.test.ts"],
    globalSetup: ["test/state-folder.ts", "test/package/pack.ts"],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
