import { expect, test } from "vitest";
import { requireKnownOptions } from "../../src/validation/options.ts";

const names = { crossCheck: ["auto", "never"], signal: true } as const;

test("known options pass, undefined ones too", () => {
  for (const options of [undefined, {}, { signal: 1 }, { crossCheck: "auto" }, { typo: undefined }])
    expect(() => requireKnownOptions("preflight", options, names)).not.toThrow();
});

test.each([
  [{ crosscheck: "auto" }, 'preflight has no option "crosscheck"', "did you mean crossCheck?"],
  [{ sginal: 1 }, 'preflight has no option "sginal"', "did you mean signal?"],
  [{ zebra: 1 }, 'preflight has no option "zebra"', "its options are crossCheck, signal"],
  [{ constructor: 1 }, 'preflight has no option "constructor"', "its options are crossCheck, signal"],
  [{ crossCheck: "nevr" }, "crossCheck is one of auto, never", "did you mean never?"],
  [{ crossCheck: 5 }, "crossCheck is one of auto, never", null],
  ["video", "preflight: options are an object, not a string", null],
  [null, "preflight: options are an object, not null", null],
  [["video"], "preflight: options are an object, not an array", null],
])("%j is refused", (options, message, hint) => {
  expect(() => requireKnownOptions("preflight", options as object, names)).toThrow(
    expect.objectContaining({ code: "usage", message, hint }),
  );
});
