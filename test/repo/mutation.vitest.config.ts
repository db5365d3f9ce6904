import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { reusedThread } from "./mutation.pool.ts";

/** The fastest files first: one failing test is enough. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const took = (file: TestSpecification): number =>
      this.ctx.cache.getTestSpecificationResult(file)?.duration ?? 0;
    return [...files].sort((a, b) => took(a) - took(b));
  }
}

/*
 * The tests that `npm run mutation` runs on mutants: the fast ones of the mutated folders.
 * One folder, with its own tests alone, takes minutes instead of hours (TESTS: globs, with commas between):
 *
 *   TESTS='test/rules/*.test.ts,test/report/target.test.ts' npm run mutation -- --mutate 'src/rules/*'
 *   TESTS='test/facts/video/*.test.ts,test/facts/readings.test.ts' npm run mutation -- --mutate 'src/facts/video/*'
 */
export default defineConfig({
  plugins: [
    {
      name: "reused-thread",
      // Stryker names the pool on Vitest's command line, which outranks this file's settings.
      configureVitest({ project }) {
        Object.assign(project.config, { pool: reusedThread.name, poolRunner: reusedThread, isolate: false });
      },
    },
  ],
  test: {
    globalSetup: "test/state-folder.ts",
    include: process.env.TESTS?.split(",") ?? [
      "test/{rules,report,facts,preflight,ledger,submit,push,server-client}/**/*.test.ts",
    ],
    exclude: [
      // A mutant may be met a hundred times as often as the code was: of files that cost a budget, that is for ever.
      "test/facts/**/hostile.test.ts",
      "test/submit/crash/**",
      "test/facts/cross-check/run.test.ts",
      "test/report/formatters.test.ts",
    ],
    sequence: { sequencer: QuickFirst },
    testTimeout: 30_000,
  },
});
