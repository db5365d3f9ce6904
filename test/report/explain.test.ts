import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { errors } from "../../src/report/explain/errors.ts";
import { explain, explainable } from "../../src/report/explain/explain.ts";
import { statuses } from "../../src/report/explain/http.ts";
import { ruleIds } from "../../src/report/explain/rule-ids.ts";
import { explainRule, rules } from "../../src/report/explain/rules.ts";
import { explainUpstream, upstream } from "../../src/report/explain/upstream.ts";
import { type Property, properties, ruleName } from "../../src/rules/properties.ts";

/* There is an explanation of every code that this package or the service can return. */

test("explains every rule of a table, and every rule id of a finding", () => {
  for (const property of Object.keys(properties) as Property[])
    expect(explainRule(`video/${ruleName(property)}`), property).not.toBeNull();
  for (const id of ruleIds) expect(explainRule(id), id).not.toBeNull();
  expect(new Set(ruleIds).size).toBe(ruleIds.length);
});

test("explains every error code in errors.ts", () => {
  const source = readFileSync(new URL("../../src/errors.ts", import.meta.url), "utf8");
  const union = source.slice(
    source.indexOf("export type ErrorCode"),
    source.indexOf("export interface ErrorDetails"),
  );
  const codes = [...union.matchAll(/\| "([a-z-]+)"/g)].map(([, code]) => code ?? "");
  expect(codes.length).toBeGreaterThan(30);
  expect(Object.keys(errors).sort()).toEqual(codes.sort());
});

test("every upstream code names an existing rule or none", () => {
  for (const [code, { rule }] of Object.entries(upstream))
    if (rule !== null) expect(Object.keys(rules), code).toContain(rule);
});

test("explanations are sentences", () => {
  for (const e of [
    ...Object.values(rules),
    ...Object.values(errors),
    ...Object.values(upstream),
    ...Object.values(statuses),
  ])
    for (const text of [e.meaning, e.cause, e.cure]) expect(text).toMatch(/^[A-Z0-9].{6,}\.$/);
});

describe("looking up", () => {
  test.each([
    ["video/pixels", "rule"],
    ["pixels", "rule"],
    ["set/videos-duration", "rule"],
    ["set/frames-exclude-references", "rule"],
    ["bad-table", "error"],
    ["FpsTooLow", "upstream"],
    ["InvalidParameter.FpsTooLow", "upstream"],
    ["InvalidParameter.Type", "upstream"],
    ["invalidparameter.fpstoolow", "upstream"],
    ["NotFound.AssetId", "upstream"],
    ["InputVideoSensitiveContentDetected.PrivacyInformation", "upstream"],
    ["video/cross-check", "rule"],
    ["set/total-count", "rule"],
    ["404", "status"],
    ["HTTP 503", "status"],
    ["599", "status"],
  ])("%s is a code of kind %s", (code, kind) => expect(explain(code)?.kind).toBe(kind));
  test("names the local rule, or none", () => {
    expect(explainUpstream("InvalidParameter.FpsTooLow")?.rule).toBe("frame-rate");
    expect(explainUpstream("ContentRestricted")?.rule).toBeNull();
    expect(explain("FpsTooLow")?.code).toBe("FpsTooLow");
  });
  test("a status uses the text of the error code for that status", () => {
    expect(explain("402")).toMatchObject({ code: "402", meaning: errors["payment-required"].meaning });
    expect(explain("HTTP 404")?.code).toBe("404");
  });
  test("asset-gone gives the same advice as its error", () =>
    expect(explain("asset-gone")?.cure).toMatch(/assets restore.*--again gone/));
  test.each(["", "600", "099", "4040", "nonsense", "constructor", "video/", "__proto__"])(
    "%j is none",
    (code) => expect(explain(code)).toBeNull(),
  );
  test("lists all codes, for suggestions", () => {
    for (const code of explainable()) expect(explain(code), code).not.toBeNull();
  });
});
