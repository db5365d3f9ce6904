import type { Cannot, CannotCode } from "./types.ts";

/** Ends planning: caught by planFix, never seen outside. */
export class CannotFix extends Error {
  readonly reason: Cannot;
  constructor(code: CannotCode, detail: string | null = null) {
    super(code);
    this.reason = { code, detail };
  }
}
