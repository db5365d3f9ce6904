import { S3Error } from "./s3-error.ts";
import type { S3Request } from "./signature/request.ts";
import { innerXml, texts, type XmlValue } from "./xml.ts";

/** One rule of a CORS configuration; `*` in an origin or a header stands for anything. */
export interface CorsRule {
  allowedOrigins: readonly string[];
  /** GET, PUT, POST, DELETE, HEAD. */
  allowedMethods: readonly string[];
  allowedHeaders?: readonly string[] | undefined;
  exposeHeaders?: readonly string[] | undefined;
  maxAgeSeconds?: number | undefined;
}

const methods: readonly string[] = ["GET", "PUT", "POST", "DELETE", "HEAD"];

/** @throws S3Error `MalformedXML`, `InvalidRequest` */
export function parseCors(xml: string): CorsRule[] {
  const rules = innerXml(xml, "CORSRule").map((rule): CorsRule => {
    const age = texts(rule, "MaxAgeSeconds")[0];
    return {
      allowedOrigins: texts(rule, "AllowedOrigin"),
      allowedMethods: texts(rule, "AllowedMethod"),
      allowedHeaders: texts(rule, "AllowedHeader"),
      exposeHeaders: texts(rule, "ExposeHeader"),
      maxAgeSeconds: age === undefined ? undefined : Number(age),
    };
  });
  if (rules.length === 0 || rules.some((rule) => !rule.allowedOrigins.length || !rule.allowedMethods.length))
    throw new S3Error(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  const unknown = rules.flatMap((rule) => rule.allowedMethods).find((method) => !methods.includes(method));
  if (unknown !== undefined)
    throw new S3Error(
      "InvalidRequest",
      `Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`,
    );
  const patterns = rules.flatMap((rule) => [...rule.allowedOrigins, ...(rule.allowedHeaders ?? [])]);
  const double = patterns.find((pattern) => pattern.split("*").length > 2);
  if (double !== undefined)
    throw new S3Error("InvalidRequest", `AllowedOrigin "${double}" can not have more than one wildcard.`);
  if (rules.some((rule) => rule.exposeHeaders?.some((header) => header.includes("*"))))
    throw new S3Error(
      "InvalidRequest",
      "ExposeHeader contains wildcard. We currently do not support wildcard for ExposeHeader.",
    );
  return rules;
}

export const corsXml = (rules: readonly CorsRule[]): XmlValue => ({
  CORSRule: rules.map((rule) => ({
    AllowedOrigin: rule.allowedOrigins,
    AllowedMethod: rule.allowedMethods,
    AllowedHeader: rule.allowedHeaders ?? [],
    ExposeHeader: rule.exposeHeaders ?? [],
    ...(rule.maxAgeSeconds !== undefined && { MaxAgeSeconds: rule.maxAgeSeconds }),
  })),
});

/**
 * The headers that let a page read the answer; none if no rule allows it.
 * @throws S3Error `AccessForbidden` for a preflight that no rule allows
 */
export function corsHeaders(request: S3Request, rules: readonly CorsRule[]): Record<string, string> {
  const origin = request.headers.get("origin");
  const preflight = request.method === "OPTIONS";
  if (origin === undefined) {
    if (preflight)
      throw new S3Error("InvalidRequest", "Insufficient information. Origin request header needed.");
    return {};
  }
  const method = preflight ? request.headers.get("access-control-request-method") : request.method;
  const requested = (preflight ? (request.headers.get("access-control-request-headers") ?? "") : "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  const rule = rules.find(
    (one) =>
      one.allowedOrigins.some((pattern) => matches(pattern, origin)) &&
      one.allowedMethods.includes(method ?? "") &&
      requested.every((name) => one.allowedHeaders?.some((pattern) => matches(pattern.toLowerCase(), name))),
  );
  if (!rule) {
    if (!preflight) return {};
    throw new S3Error(
      "AccessForbidden",
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    );
  }
  const any = rule.allowedOrigins.includes("*");
  return {
    "access-control-allow-origin": any ? "*" : origin,
    ...(!any && { "access-control-allow-credentials": "true" }),
    "access-control-allow-methods": rule.allowedMethods.join(", "),
    ...(requested.length > 0 && { "access-control-allow-headers": requested.join(", ") }),
    ...(rule.exposeHeaders?.length && { "access-control-expose-headers": rule.exposeHeaders.join(", ") }),
    ...(preflight &&
      rule.maxAgeSeconds !== undefined && { "access-control-max-age": String(rule.maxAgeSeconds) }),
    vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  };
}

/** One `*` stands for any text; everything else for itself. */
function matches(pattern: string, text: string): boolean {
  const [head = "", tail] = pattern.split("*");
  if (tail === undefined) return pattern === text;
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}
