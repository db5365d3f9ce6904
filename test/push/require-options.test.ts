import { describe, expect, test } from "vitest";
import { createAtlasClient, push, submit } from "../../src/index.ts";

/* What is wrong with the options is said before anything is read or sent. */

const atlas = createAtlasClient({
  apiKey: "none",
  apiBaseUrl: "http://127.0.0.1:9",
  consoleBaseUrl: "http://127.0.0.1:9",
});
const still = "fixtures/image/jpeg-640x480.jpg";

describe("submit refuses", () => {
  test.each([
    [
      undefined,
      "submit needs the option atlas",
      "createAtlasClient() makes it, in a page createServerClient()",
    ],
    [{}, "submit needs the option atlas", "createAtlasClient() makes it, in a page createServerClient()"],
    [{ atlas: {} }, "atlas is a client: createAtlasClient() or createServerClient()", null],
    [{ atlas, leger: null }, 'submit has no option "leger"', "did you mean ledger?"],
    [{ atlas, name: "sunset" }, 'submit has no option "name"', /assetName/],
    [{ atlas, assetName: 5 }, "assetName is a string", null],
    [{ atlas, storage: "s3://b/" }, "storage is a bucket: s3Storage()", null],
    [
      { atlas, ledger: "x.json" },
      "ledger is a ledger: fileLedger(), postgresLedger() or memoryLedger()",
      null,
    ],
    [
      { atlas, recovery: { settle: 5 } },
      "recovery is an object with betweenSearches, afterRequest: each a number of milliseconds, 0 or more",
      null,
    ],
    [{ atlas, wait: "no" }, "wait is one of true, false", null],
    [{ atlas, strict: "yes" }, "strict is one of true, false", null],
  ])("%#", async (options, message, hint) => {
    await expect(submit(still, options as never)).rejects.toMatchObject({
      code: "usage",
      message,
      hint: hint instanceof RegExp ? expect.stringMatching(hint) : hint,
    });
  });
});

describe("push refuses", () => {
  test.each([
    [{ atlas, dryrun: true }, 'push has no option "dryrun"', "did you mean dryRun?"],
    [{ atlas, checks: "4" }, "checks is a whole number of files, 1 or more", null],
    [{ atlas, uploads: 0 }, "uploads is a whole number of files, 1 or more", null],
    [{ atlas, inFlight: 1.5 }, "inFlight is a whole number of files, 1 or more", null],
    [{ atlas, again: ["nonsense"] }, "again is a list of gone, failed, unknown", null],
    [{ atlas, fix: "crop" }, "push: fix: options are an object, not a string", null],
    [{ atlas, fix: { fitt: "crop" } }, 'push: fix has no option "fitt"', "did you mean fit?"],
    [{ atlas, fix: { fit: "stretch" } }, "fit is one of pad, crop", null],
    [{ atlas, fix: { out: "x" } }, 'push: fix has no option "out"', expect.stringContaining("fit")],
    [{ atlas, onEvent: {} }, "onEvent is a function", null],
  ])("%#", async (options, message, hint) => {
    await expect(push([], options as never)).rejects.toMatchObject({ code: "usage", message, hint });
  });
});
