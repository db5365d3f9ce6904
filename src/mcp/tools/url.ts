import { redactUrl } from "../../bytes/url/redact.ts";
import { MediaPreflightError } from "../../errors.ts";

/**
 * A URL that an agent named. Other schemes could name files of this machine.
 * @throws MediaPreflightError `url-refused`
 */
export function publicUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol === "https:" || parsed?.protocol === "http:") return parsed;
  throw new MediaPreflightError("url-refused", "this is not an http(s) URL", {
    url: redactUrl(url),
    hint: "give a public http(s) URL of the file, or a path",
  });
}
