import { expect, test } from "vitest";
import { AtlasError, isAtlasError } from "../src/atlas/error.ts";
import { isMediaPreflightError, MediaPreflightError } from "../src/errors.ts";
import { isSubmitError, SubmitError } from "../src/submit/submit-error.ts";

test("a message ends with the path concerned, once", () => {
  const error = new MediaPreflightError("not-found", "no such file", { path: "clips/a.mp4" });
  expect(error.message).toBe("no such file: clips/a.mp4");
  expect(error.summary).toBe("no such file");
  expect(error.path).toBe("clips/a.mp4");
  const named = new MediaPreflightError("bad-table", "rules.json: not JSON", { path: "rules.json" });
  expect(named.message).toBe("rules.json: not JSON");
});

test("a message ends with the URL concerned where there is no path", () => {
  const error = new MediaPreflightError("network", "cannot connect", { url: "https://a.example/x?…" });
  expect(error.message).toBe("cannot connect: https://a.example/x?…");
});

test("an error serialises what it concerns, and neither its cause nor its stack", () => {
  const cause = new Error("ENOENT /home/me/secret");
  const error = new AtlasError("server", "it failed", {
    cause,
    status: 500,
    requestId: "r-1",
    retryable: true,
  });
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: "server",
    message: "it failed",
    hint: null,
    retryable: true,
    path: null,
    url: null,
    status: 500,
    requestId: "r-1",
  });
  expect(error.cause).toBe(cause);
});

test("the guards tell the error classes apart, and from other errors", () => {
  const base = new MediaPreflightError("usage", "x");
  const atlas = new AtlasError("server", "x");
  const submit = new SubmitError("refused", "x");
  const others = [new Error("x"), { code: "usage" }, null, undefined, "usage"];
  const all = [base, atlas, submit, ...others];
  expect(all.filter(isMediaPreflightError)).toEqual([base, atlas, submit]);
  expect(all.filter(isAtlasError)).toEqual([atlas]);
  expect(all.filter(isSubmitError)).toEqual([submit]);
});

test("the guards recognise an error of another copy of the package", async () => {
  const copy = (await import(`${"../src/errors.ts"}?copy`)) as typeof import("../src/errors.ts");
  const error = new copy.MediaPreflightError("usage", "x");
  expect(error instanceof MediaPreflightError).toBe(false);
  expect(isMediaPreflightError(error)).toBe(true);
});
