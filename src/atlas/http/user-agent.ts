/** What every request says it comes from: the api host's filter answers 403 (code 1010) to a default one. */
export const userAgent = "media-preflight/0.1.0";
