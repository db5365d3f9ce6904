import { errors } from "./errors.ts";
import type { Explanation } from "./explanation.ts";

const explanation = (meaning: string, cause: string, cure: string): Explanation => ({ meaning, cause, cure });

const unusual =
  "Something other than the service may be answering at the base URL: a proxy, a firewall or a sign-in page.";
const redirect = explanation(
  "The address redirects elsewhere.",
  unusual,
  "Check the base URL: requests with a key do not follow redirects.",
);

/** HTTP statuses (RFC 9110, section 15). A status that has an error code of its own uses that code's text. */
export const statuses: Readonly<Record<number, Explanation>> = {
  200: explanation("The request succeeded.", "This is not an error.", "Nothing needs to be done."),
  206: explanation(
    "The response contains the requested part of the file.",
    "A range was requested. This is not an error.",
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
    "A proxy requires authentication.",
    "HTTPS_PROXY names a proxy that needs a user name and password.",
    "Add them to the proxy's URL, or ask the network's administrator.",
  ),
  408: explanation(
    "The server waited too long for the request.",
    "A slow or interrupted upload.",
    "Run it again.",
  ),
  409: explanation(
    "The request conflicts with the current state.",
    "Another process changed the same resource.",
    "Check the asset, then run the command again.",
  ),
  410: explanation("The URL no longer exists.", "The file was deleted.", "Use another URL."),
  411: explanation("The server requires a Content-Length header.", unusual, "Check the base URL."),
  412: explanation(
    "A precondition failed: the object exists already, or has changed.",
    "Object storage answers this when the file was uploaded before.",
    "Nothing needs to be done if size and checksum agree; otherwise use another prefix.",
  ),
  413: errors["too-large"],
  415: explanation(
    "The server does not accept this type of content.",
    "The Content-Type is missing or wrong.",
    "Check the file's format.",
  ),
  416: explanation(
    "The requested range is outside the file.",
    "The file became shorter during the check.",
    "Run it again.",
  ),
  422: errors.unprocessable,
  425: explanation(
    "The server refuses a request that may be a replay (Too Early).",
    "The request was sent before the connection was fully established.",
    "Wait, then run it again.",
  ),
  429: errors["rate-limited"],
  451: errors["legally-unavailable"],
  500: explanation("The server failed.", "A fault of the service.", "Run it again later."),
  501: explanation("The server does not support this.", unusual, "Check the base URL."),
  502: explanation(
    "A gateway received an invalid response.",
    "The service behind it is down or overloaded.",
    "Run it again later.",
  ),
  503: explanation(
    "The service is unavailable.",
    "Overload or maintenance; Retry-After says for how long.",
    "Run it again later.",
  ),
  504: explanation(
    "A gateway received no response in time.",
    "The service behind it is slow or down.",
    "Run it again later. Whether the request took effect is checked first.",
  ),
  524: explanation(
    "Cloudflare received no response from the service in time.",
    "The service took over 100 seconds.",
    "Run it again later. Whether the request took effect is checked first.",
  ),
  529: explanation(
    "The service is overloaded.",
    "It receives too many requests from all its users.",
    "Run it again later.",
  ),
};

const classes: Readonly<Record<string, Explanation>> = {
  1: explanation(
    "The server will send the final response later.",
    "This is not an error.",
    "Nothing needs to be done.",
  ),
  2: explanation("The request succeeded.", "This is not an error.", "Nothing needs to be done."),
  3: redirect,
  4: explanation(
    "The server refuses the request.",
    unusual,
    "Read the server's message; the same request will fail again.",
  ),
  5: errors.server,
};

/** Explains an HTTP status: "404" or "HTTP 404". A status without a text uses the text of its class. */
export function explainStatus(code: string): (Explanation & { code: string }) | null {
  const [, digits = ""] = /^(?:HTTP[ /-]?)?([1-5]\d\d)$/i.exec(code.trim()) ?? [];
  const found = statuses[Number(digits)] ?? classes[digits.slice(0, 1)];
  return digits && found ? { code: digits, ...found } : null;
}
