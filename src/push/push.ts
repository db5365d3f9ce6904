import { forEachConcurrently } from "../async/for-each-concurrently.ts";
import { MediaPreflightError } from "../errors.ts";
import type { SubmitPlatform } from "../submit/input/submit-file.ts";
import { createSubmit } from "../submit/submit.ts";
import type { Push, PushOptions } from "./options.ts";
import { PushRun } from "./push-run.ts";

/**
 * Pushes many files: each is checked, uploaded, registered and waited for separately, and a failure of one stops the
 * others only if it concerns all. Results are events. Bytes are streamed, and reports are not kept in memory.
 */
export function createPush<Input>(platform: SubmitPlatform<Input>): Push<Input> {
  const submit = createSubmit(platform);
  return async (files, options) => {
    checkOptions(options);
    const run = new PushRun(platform, submit, options, Array.isArray(files) ? files.length : null);
    const unwatch = run.watchClient();
    try {
      await forEachConcurrently(
        files,
        options.inFlight ?? 32,
        run.signal,
        (file) => run.pushFile(file),
        () => run.allFound(),
      );
    } finally {
      unwatch();
      await run.ledger.flush();
    }
    return run.summary();
  };
}

/** @throws MediaPreflightError `usage` */
function checkOptions({ maxErrors, limitRate }: PushOptions): void {
  if (maxErrors !== undefined && !(Number.isSafeInteger(maxErrors) && maxErrors >= 1))
    throw new MediaPreflightError("usage", `maxErrors cannot be ${maxErrors}`, {
      hint: "use a whole number from 1",
    });
  if (limitRate !== undefined && !(Number.isFinite(limitRate) && limitRate >= 1))
    throw new MediaPreflightError("usage", `limitRate cannot be ${limitRate}`, {
      hint: "use a number of bytes per second",
    });
}
