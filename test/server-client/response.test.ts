import { describe, expect, it } from "vitest";
import { answerOf, errorOf } from "../../src/server-client/response.ts";

/* How a page interprets the handler's answers, and those of other servers. */

describe("an answer of the server", () => {
  it.each([
    [200, '{"asset":{"id":"1"}}', { asset: { id: "1" } }],
    [299, "[]", []],
  ])("%i %s is accepted unchanged", (status, text, value) => {
    expect(answerOf(status, text)).toEqual(value);
  });

  it.each([
    [200, "<html>", "protocol"],
    [200, "null", "protocol"],
    [199, "{}", "protocol"],
    [300, "{}", "protocol"],
  ])("%i %s is not an answer of the handler", (status, text, code) => {
    expect(() => answerOf(status, text)).toThrow(
      expect.objectContaining({
        name: "ServerClientError",
        code,
        status,
        message: `the server answered ${status}`,
      }),
    );
  });
});

describe("an error reported by the handler", () => {
  it.each([
    ["usage", false, "none"],
    ["invalid-request", false, "none"],
    ["unauthorized", false, "none"],
    ["forbidden", false, "none"],
    ["not-found", false, "none"],
    ["not-found-upstream", false, "none"],
    ["timeout", true, "none"],
    ["too-large", false, "none"],
    ["refused", false, "none"],
    ["rate-limited", true, "none"],
    ["aborted", false, "none"],
    // The handler knows that it will be so again.
    ["server", false, "none"],
    ["network", true, "none"],
    ["protocol", false, "none"],
    ["unprocessable", false, "none"],
    ["legally-unavailable", false, "none"],
    ["outcome-unknown", false, "unknown"],
  ])("%s: retryable %s, outcome %s", (code, retryable, outcome) => {
    const report = { verdict: "fail" };
    const body = { error: { code, message: "why", hint: "what next" }, report };
    expect(errorOf(500, body)).toMatchObject({
      code,
      message: "why",
      hint: "what next",
      status: 500,
      retryable,
      outcome,
      report,
      id: null,
      upstreamCode: null,
    });
  });

  it("with an unknown code or without a message is derived from its status", () => {
    for (const body of [
      { error: { code: "exploded", message: 7, hint: null } },
      { error: {} },
      { error: null },
      {},
      null,
    ])
      expect(errorOf(413, body)).toMatchObject({
        code: "too-large",
        message: "the server answered 413",
        hint: null,
        report: null,
      });
  });
});

describe("an answer from a proxy", () => {
  it.each([
    [400, "usage", false, "none"],
    [401, "unauthorized", false, "none"],
    [403, "forbidden", false, "none"],
    [404, "not-found", false, "none"],
    [413, "too-large", false, "none"],
    [422, "refused", false, "none"],
    [418, "protocol", false, "none"],
    [499, "aborted", false, "none"],
    // It may have been passed on before that.
    [500, "server", true, "unknown"],
    [502, "server", true, "unknown"],
    [503, "server", true, "unknown"],
    [504, "server", true, "unknown"],
  ])("%i is %s, retryable %s, outcome %s", (status, code, retryable, outcome) => {
    expect(errorOf(status, null)).toMatchObject({ code, retryable, outcome, status });
  });
});
