import { defineConfig } from "vitest/config";
import { keptThread } from "./mutation.pool.ts";

/*
 * The tests that `npm run mutation` lets loose on mutants: those that run in a moment, of the folders it is about.
 * One folder, with its own tests alone, takes minutes instead of hours:
 *
 *   TESTS='test/rules/*' npm run mutation -- --mutate 'src/rules/*'
 */
export default defineConfig({
  plugins: [
    {
      name: "kept-thread",
      // Stryker names the pool on Vitest's command line, which outranks this file's settings.
      configureVitest({ project }) {
        Object.assign(project.config, { pool: keptThread.name, poolRunner: keptThread, isolate: false });
      },
    },
  ],
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
