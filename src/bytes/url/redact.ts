/**
 * A URL without its query, user name, password and fragment, for output, logs and errors: queries of presigned URLs
 * are secrets, and fragments are known to hold tokens.
 */
export function redactUrl(address: string | URL): string {
  const url = typeof address === "string" ? parse(address) : address;
  if (!url) return String(address).replace(/[?#].*$/s, "?…");
  if (url.protocol === "data:") return `${url.href.slice(0, 48).replace(/[,;].*$/s, "")},…`;
  const slashes = url.host === "" && url.protocol !== "file:" ? "" : "//";
  return `${url.protocol}${slashes}${url.host}${url.pathname}${url.search ? "?…" : ""}`;
}

/** Redacts every URL in a text, and every query string: the service quotes them in its messages. */
export function redactText(text: string): string {
  return text
    .replace(/\b(?:https?|wss?|ftp):(?:\\?\/){2}[^\s"'<>`]+/gi, (found) => {
      // Punctuation that ends a sentence is not part of the address; JSON may have escaped its slashes.
      const end = /[.,;:!)\]}]+$/.exec(found)?.[0] ?? "";
      return redactUrl(found.slice(0, found.length - end.length).replaceAll("\\/", "/")) + end;
    })
    .replace(/\?[\w.~%-]+=[^\s"'<>`]*/g, "?…");
}

function parse(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}
