/**
 * English for the findings on addresses. Apart from the other messages, so that a page that checks dropped files
 * does not load them. A locale is an object with the same keys; {names} are filled in.
 */
export const urlMessages = {
  unparsable: "this is no address",
  "unparsable.hint": "give a public https address",
  scheme: "{scheme} addresses cannot be fetched by the service",
  "scheme.hint": "upload the file, or give a public https address",
  data: "a data: URL: the service takes no media inline when an asset is registered",
  "data.hint": "save it as a file and give the file",
  private: "{host} is not public ({why}): the service cannot reach it",
  "private.redirected": "it redirects to {host}, which is not public ({why})",
  "private.hint": "upload the file itself, or give an address that anybody on the internet can fetch",
  share: "a {service} share link opens a page, not the file",
  page: "a {service} page is not the file itself",
  "share.use": "use {url} instead",
  "share.query": "use the same address with {query} in its query instead of what it has (dl=0)",
  "share.storage": "upload the file itself, or put it into storage with direct links (S3, R2, GCS, …)",
  "share.download": "download the file if you may use it, and give that",
  credentials: "the address has a user name or a password in it, which the service does not send",
  "credentials.hint": "use a presigned address, or upload the file itself",
  signIn: "the address asks for a sign-in ({detail})",
  "signIn.hint": "open it in a private window: it has to give the file there without signing in",
  viewer: "the address answers with a web page, not with the file",
  "viewer.hint": "find the address of the file itself: it opens the bare picture or video, or a download",
  notFound: "nothing is there ({status})",
  "notFound.hint": "check the address; a link may have expired or been withdrawn",
  status: "the server answers {status} to a plain GET",
  "status.hint": "open it in a private window: it has to give the file there",
  redirects: "more than {n} redirects",
  "redirects.hint": "give the address at the end of them",
  redirected: "it redirects to {host}",
  encoded: "the server compresses the answer ({encoding}), though it was asked not to",
  "encoded.hint": "serve media as they are",
  expired: "the address expired {ago} ago",
  expires: "the address expires in {left}",
  "expires.hint": "the service fetches it when it is registered, and perhaps again: sign it for some hours",
  contentType: "the server calls it {type}",
  "contentType.missing": "the server does not say what it is",
  "contentType.hint": "serve it with its own media type",
  seconds: "{n} s",
  minutes: "{n} min",
  hours: "{n} h",
  days: "{n} days",
};

/** The keys that a locale translates. */
export type UrlMessages = Readonly<Record<keyof typeof urlMessages, string>>;
