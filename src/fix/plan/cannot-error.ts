import type { Cannot, CannotCode } from "./types.ts";

/** Thrown to end planning; planFix catches it. */
export class CannotFix extends Error {
  readonly reason: Cannot;
  constructor(code: CannotCode, detail: string | null = null) {
    super(code);
    this.reason = { code, detail };
  }
}
