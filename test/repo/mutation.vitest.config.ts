import { defineConfig } from "vitest/config";

/*
 * The tests that `npm run mutation` lets loose on mutants: those that run in a moment, of the folders it is about.
 * One folder, with its own tests alone, takes minutes instead of hours:
 *
 *   TESTS='test/rules/*' npm run mutation -- --mutate 'src/rules/*'
 */
export default defineConfig({
  test: {
    include: process.env.TESTS?.split(",") ?? ["test/{rules,report,facts,pipeline}/**/*.test.ts"],
    exclude: [
      "test/pipeline/crash/**",
      "test/facts/witness/consult.test.ts",
      "test/report/formatters.test.ts",
    ],
    testTimeout: 30_000,
  },
});
