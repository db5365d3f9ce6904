import { errors } from "./errors.ts";
import type { Explanation } from "./explanation.ts";

const explanation = (meaning: string, cause: string, cure: string): Explanation => ({ meaning, cause, cure });

const unusual =
  "Something else than the service may answer at the base URL: a proxy, a firewall, a sign-in page.";
const redirect = explanation(
  "The address redirects elsewhere.",
  unusual,
  "Check the base URL: requests with a key do not follow redirects.",
);

/** HTTP statuses, in plain words; meanings by RFC 9110, section 15. Where an error has the same status, its text. */
export const statuses: Readonly<Record<number, Explanation>> = {
  200: explanation("The request succeeded.", "This is no error.", "Nothing needs to be done."),
  206: explanation(
    "Part of the file follows.",
    "A range was asked for; this is no error.",
    "Nothing needs to be done.",
  ),
  301: redirect,
  302: redirect,
  307: redirect,
  308: redirect,
  400: errors["invalid-request"],
  401: errors.unauthorized,
  402: errors["payment-required"],
  403: errors.forbidden,
  404: errors["not-found-upstream"],
  405: explanation("The address does not accept this method.", unusual, "Check the base URL and its path."),
  407: explanation(
    "A proxy asks for a sign-in.",
    "HTTPS_PROXY names a proxy that needs a user name and password.",
    "Add them to the proxy's URL, or ask the network's administrator.",
  ),
  408: explanation(
    "The server waited too long for the request.",
    "A slow or interrupted upload.",
    "Run it again.",
  ),
  409: explanation(
    "The request conflicts with the present state.",
    "Another process changed the same thing.",
    "Look at the asset, then run it again.",
  ),
  410: explanation("The address existed and is gone for good.", "The file was deleted.", "Use another URL."),
  411: explanation("The server wants to know the length first.", unusual, "Check the base URL."),
  412: explanation(
    "A precondition failed: the object exists already, or has changed.",
    "Storage answers so where a file was uploaded before.",
    "Nothing needs to be done if size and checksum agree; otherwise use another prefix.",
  ),
  413: errors["too-large"],
  415: explanation(
    "The server does not accept this type of content.",
    "The Content-Type is missing or wrong.",
    "Check the file's format.",
  ),
  416: explanation(
    "The range asked for lies outside the file.",
    "The file became shorter meanwhile.",
    "Run it again.",
  ),
  422: errors.unprocessable,
  425: explanation(
    "The server does not want to take the risk of a repeated request yet.",
    "An early retry.",
    "Wait, then run it again.",
  ),
  429: errors["rate-limited"],
  451: errors["legally-unavailable"],
  500: explanation("The server failed.", "A fault of the service.", "Run it again later."),
  501: explanation("The server does not support this.", unusual, "Check the base URL."),
  502: explanation(
    "A gateway received an invalid answer.",
    "The service behind it is down or overloaded.",
    "Run it again later.",
  ),
  503: explanation(
    "The service is unavailable.",
    "Overload or maintenance; Retry-After says for how long.",
    "Run it again later.",
  ),
  504: explanation(
    "A gateway received no answer in time.",
    "The service behind it is slow or down.",
    "Run it again later. Whether the request took effect is checked first.",
  ),
  524: explanation(
    "Cloudflare received no answer from the service in time.",
    "The service took over 100 seconds.",
    "Run it again later. Whether the request took effect is checked first.",
  ),
  529: explanation(
    "The service is overloaded.",
    "Too many requests of all its users.",
    "Run it again later.",
  ),
};

const classes: Readonly<Record<string, Explanation>> = {
  1: explanation("The server sends the answer later.", "This is no error.", "Nothing needs to be done."),
  2: explanation("The request succeeded.", "This is no error.", "Nothing needs to be done."),
  3: redirect,
  4: explanation(
    "The server refuses the request.",
    unusual,
    "Read the server's message; the same request will fail again.",
  ),
  5: errors.server,
};

/** An HTTP status in plain words: "404" or "HTTP 404". A status without its own text has that of its class. */
export function explainStatus(code: string): (Explanation & { code: string }) | null {
  const [, digits = ""] = /^(?:HTTP[ /-]?)?([1-5]\d\d)$/i.exec(code.trim()) ?? [];
  const found = statuses[Number(digits)] ?? classes[digits.slice(0, 1)];
  return digits && found ? { code: digits, ...found } : null;
}
