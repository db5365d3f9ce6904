import type { Explanation } from "./explanation.ts";

/** Rules for the URL of a file, by the second half of the id: `url/…`. */
export const urlRules: Readonly<Record<string, Explanation>> = {
  scheme: {
    meaning: "The URL is not http or https.",
    cause: "The service fetches registered URLs with a plain GET.",
    cure: "Give a public http(s) URL.",
  },
  data: {
    meaning: "The URL is a data: URL, which contains the file itself.",
    cause: "The service needs a URL that it can fetch.",
    cure: "Save the file and push it, or put it into public storage.",
  },
  "private-address": {
    meaning: "The service cannot reach the address.",
    cause: "It is, resolves to, or redirects to a private or loopback address.",
    cure: "Push the file itself, or host it where anyone can fetch it.",
  },
  "share-link": {
    meaning: "The URL is a share link: it opens a page about the file, not the file.",
    cause: "Cloud drives and photo services share pages for people.",
    cure: "Use the direct download URL, or download the file and push it.",
  },
  "sign-in": {
    meaning: "The URL asks for a sign-in.",
    cause: "The service fetches without cookies or credentials.",
    cure: "Make the file public, or use a presigned URL.",
  },
  "viewer-page": {
    meaning: "The URL answers with a web page instead of media.",
    cause: "It leads to a viewer, or to an error page with status 200.",
    cure: "Open it in a private window: it must return the file, not a page that shows it.",
  },
  redirect: {
    meaning: "The URL redirects. This is a note if the redirects lead to the file, otherwise a failure.",
    cause: "Too many redirects, one to another scheme, or a service that follows fewer than there are.",
    cure: "Give the URL at the end of the redirects.",
  },
  https: {
    meaning: "The service fetches https URLs only.",
    cause: "The URL is a plain http one.",
    cure: "Give the https URL.",
  },
  length: {
    meaning: "The URL has more characters than the service accepts.",
    cause: "A signature, above all one of temporary keys, can have a thousand characters and more.",
    cure: "Sign with other keys, or give a public URL such as a CDN's (publicBaseUrl, --public-base-url).",
  },
  head: {
    meaning:
      "The service sends HEAD before it fetches the file, and the URL does not answer it as it answers GET.",
    cause: "A signature covers the method: a URL that is signed for GET answers HEAD with 403.",
    cure: "Serve HEAD as GET, or give a public URL such as a CDN's (publicBaseUrl, --public-base-url).",
  },
  unverified: {
    meaning: "The URL could not be checked completely, so it is unsure.",
    cause:
      "The server answers too slowly or sends a few bytes at a time, or a proxy does not connect to its address.",
    cure: "Host the file on a server that answers range requests faster, allow the proxy to connect, or push the file itself.",
  },
  "not-found": {
    meaning: "The URL does not answer a plain GET with the file.",
    cause: "The file is gone, or the server answers with an error.",
    cure: "Check the URL in a private window.",
  },
  "content-type": {
    meaning: "The server's headers do not match the bytes.",
    cause: "The storage does not know the file's type, or compresses it.",
    cure: "Set the object's Content-Type, and send it without Content-Encoding.",
  },
  expires: {
    meaning: "The URL has expired, or is about to.",
    cause:
      "A presigned URL is valid for a limited time, and the service fetches it later than this check does.",
    cure: "Sign it for longer.",
  },
};
