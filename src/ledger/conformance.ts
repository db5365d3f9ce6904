import { claimTests } from "./conformance/claims.ts";
import { entryTests } from "./conformance/entries.ts";
import { ownerTests } from "./conformance/owners.ts";
import type { ConformanceTest } from "./conformance/test-case.ts";

export type { ConformanceContext, ConformanceTest } from "./conformance/test-case.ts";

/**
 * What every ledger must do. For your own implementation, run each with a fresh store in your test framework:
 *
 * ```typescript
 * for (const { title, run } of ledgerConformance)
 *   test(title, () => run({ open: () => ledgerOver(new MyStore(connection)) }));
 * ```
 */
export const ledgerConformance: readonly ConformanceTest[] = [...entryTests, ...claimTests, ...ownerTests];
