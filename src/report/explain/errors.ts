import type { ErrorCode } from "../../errors.ts";
import type { Explanation } from "./explanation.ts";

/** Every error code of this package. */
export const errors: Readonly<Record<ErrorCode, Explanation>> = {
  usage: {
    meaning: "An argument or option makes no sense.",
    cause: "A flag or name is misspelt, or a value has the wrong form.",
    cure: "Read the message; media-preflight --help lists what there is.",
  },
  "bad-table": {
    meaning: "A rule table breaks its schema.",
    cause: "An unknown key, a missing source, a wrong unit, a lower bound over the upper one.",
    cure: "Each line of the message begins with the path to one mistake; rules/schema.json helps editors find them.",
  },
  "bad-config": {
    meaning: "A configuration file breaks its schema.",
    cause: "An unknown key or a value of the wrong form.",
    cure: "The message begins with the path to the mistake; --print-config shows what was understood.",
  },
  refused: {
    meaning: "The file did not pass, so nothing was sent.",
    cause: "The report on the error lists every finding.",
    cure: "Do what the findings' hints say; acceptUnsure opens the gate for disagreeing readings only.",
  },
  "not-found": {
    meaning: "There is no such file.",
    cause: "The path is misspelt, or the file was moved.",
    cure: "Check the path; quote patterns that the shell should leave alone.",
  },
  unreadable: {
    meaning: "The file, Blob or stream could not be read.",
    cause:
      "Permissions, a directory in the place of a file, a device error, or a picked file that has changed.",
    cure: "Check the permissions, or choose the file again.",
  },
  "no-media": {
    meaning: "A directory or a pattern has no media in it.",
    cause: "Nothing there looks like an image, a video or an audio.",
    cure: "Name the files, or another pattern.",
  },
  changed: {
    meaning: "The file changed while it was being handled.",
    cause: "Another program is still writing it.",
    cure: "Wait until it is done, then run it again.",
  },
  "url-refused": {
    meaning: "The address may not be fetched.",
    cause: "It is private or loopback, no http(s), a share link, or it redirects to one.",
    cure: "Give a public http(s) address that answers with the bytes.",
  },
  git: {
    meaning: "Git could not be asked.",
    cause: "Git is not installed, or this is no repository.",
    cure: "Run it inside a repository, with git on the PATH.",
  },
  "no-engine": {
    meaning: "Nothing that decodes and encodes media is installed.",
    cause: "Fixing files and --decode need ffmpeg with ffprobe; still images need sharp or ffmpeg.",
    cure: "Install ffmpeg so that it is on PATH, or name it in FFMPEG_PATH. Programs in the current folder or repository are not used.",
  },
  "engine-failed": {
    meaning: "The engine could not decode or encode the file.",
    cause:
      "The file is damaged, its codec is not known to the installed version, or a limit on memory was reached.",
    cure: "Play the file to see whether it is intact; install a newer ffmpeg; export the file again.",
  },
  aborted: {
    meaning: "The caller's signal stopped it.",
    cause: "Ctrl-C, a cancel button, or AbortController.abort().",
    cure: "Run it again when you like: with a ledger, what was done is not done again.",
  },
  timeout: {
    meaning: "A deadline passed.",
    cause: "The service, or the network, took longer than was allowed.",
    cure: "Run it again, or allow a longer deadline; the id is kept.",
  },
  "no-key": {
    meaning: "There is no API key.",
    cause: "ATLASCLOUD_API_KEY is not set.",
    cure: "Set ATLASCLOUD_API_KEY in the environment; the key is never an argument.",
  },
  network: {
    meaning: "The network failed before an answer came.",
    cause: "No connection, a name that does not resolve, a connection cut.",
    cure: "Check the connection and the base URL, then run it again.",
  },
  unauthorized: {
    meaning: "401: the service does not accept the key.",
    cause: "The key is wrong or for another host; an unknown path answers 401 as well.",
    cure: "Check the key and that each base URL is of its own host.",
  },
  "payment-required": {
    meaning: "402: the account lacks credit.",
    cause: "The balance or the plan does not cover the call.",
    cure: "Top up the account.",
  },
  forbidden: {
    meaning: "403: the account may not do this, or a proxy stands between.",
    cause: "A missing permission or subscription; an HTML body means a proxy or firewall answered.",
    cure: "Check the account's permissions; try from another network.",
  },
  "not-found-upstream": {
    meaning: "404: the service knows no such thing.",
    cause: "The id is wrong, of another account, or of the other host.",
    cure: "List the assets and take the id from there.",
  },
  "too-large": {
    meaning: "413: the body is larger than the service takes.",
    cause: "The documented cap of uploadMedia is 50 MB; it was seen to refuse less.",
    cure: "Make the file smaller, or put it on storage of your own and push its address.",
  },
  "invalid-request": {
    meaning: "400: the service does not accept the request.",
    cause: "A field is missing or has a value that the service does not know.",
    cure: "The message is the service's own; explain its code.",
  },
  unprocessable: {
    meaning: "422: the service understood the request and refuses it.",
    cause: "A value is outside what the service takes.",
    cure: "The message is the service's own; the same request will not succeed.",
  },
  "rate-limited": {
    meaning: "429: too many requests.",
    cause: "More calls in a while than the account may make.",
    cure: "Wait, or use fewer jobs at a time.",
  },
  "legally-unavailable": {
    meaning: "451: not available for legal reasons.",
    cause: "The service may not serve this content or region.",
    cure: "Nothing local helps.",
  },
  server: {
    meaning: "5xx: the service failed.",
    cause: "A fault or overload on its side.",
    cure: "Run it again later.",
  },
  protocol: {
    meaning: "The service answered in a form that the contract does not know.",
    cause: "The service changed, or something else answers at the base URL.",
    cure: "Check the base URLs; report it with the request id.",
  },
  "asset-failed": {
    meaning: "The service judged the asset Failed.",
    cause: "The error carries the service's code, and the local report if there was one.",
    cure: "Explain the code: it names the local rule, or says that none could know.",
  },
  "asset-gone": {
    meaning: "A recorded asset is gone or in the trash.",
    cause: "Somebody deleted it after it was registered.",
    cure: "Restore it from the trash, or remove its entry from the ledger and push again.",
  },
  "prediction-failed": {
    meaning: "The generation ended without an output.",
    cause: "The model failed, timed out, or was cancelled.",
    cure: "The message is the service's own.",
  },
  "outcome-unknown": {
    meaning: "A request may or may not have taken effect.",
    cause: "Its answer was lost, and looking for the result did not settle it.",
    cure: "Look at the list of assets, then go on as the hint says; it is never sent again blindly.",
  },
  "ledger-invalid": {
    meaning: "The ledger breaks its schema.",
    cause: "It was edited or merged by hand, or is of a later version.",
    cure: "Restore it from version control; the message says where it breaks.",
  },
  "ledger-locked": {
    meaning: "Another process holds the ledger.",
    cause: "A push is running on the same ledger.",
    cure: "Wait for it, or stop it; the lock of a dead process is freed at once.",
  },
  "wasm-mismatch": {
    meaning: "The MediaInfo WebAssembly is not the pinned one.",
    cause: "Its SHA-256 differs: another version was installed or served.",
    cure: "Install the pinned version, and serve the file that comes with it.",
  },
  "browser-key": {
    meaning: "An API key was given in a web page.",
    cause: "Everybody who opens the page could take it.",
    cure: "Use createServerClient and the server handler, which keeps the key.",
  },
};
