/**
 * Calls a user's callback so that it can never break what calls it: whatever it throws, or its promise is rejected
 * with, is reported to the runtime (`reportError` in browsers, a process warning in Node.js) and otherwise ignored.
 */
export function callSafely<Args extends readonly unknown[]>(
  callback: ((...args: Args) => unknown) | null | undefined,
  ...args: Args
): void {
  if (!callback) return;
  try {
    const result = callback(...args);
    if (isThenable(result)) result.then(undefined, report);
  } catch (error) {
    report(error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

interface Runtime {
  reportError?: (error: unknown) => void;
  process?: { emitWarning?: (message: string, options: { type: string; detail?: string }) => void };
}

function report(error: unknown): void {
  const { reportError, process } = globalThis as unknown as Runtime;
  try {
    const detail = error instanceof Error ? error.stack : undefined;
    if (process?.emitWarning)
      process.emitWarning(`a callback passed to media-preflight failed: ${String(error)}`, {
        type: "MediaPreflightWarning",
        ...(detail !== undefined && { detail }),
      });
    else reportError?.(error);
  } catch {
    // An error that cannot be converted to text cannot be reported either.
  }
}
