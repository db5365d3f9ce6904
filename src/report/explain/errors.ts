import type { ErrorCode } from "../../errors.ts";
import type { Explanation } from "./explanation.ts";

/** Every error code of this package. */
export const errors: Readonly<Record<ErrorCode, Explanation>> = {
  usage: {
    meaning: "An argument or option is invalid.",
    cause: "A flag or name is misspelt, or a value has the wrong form.",
    cure: "Correct what the message names; media-preflight COMMAND --help lists the options.",
  },
  "bad-table": {
    meaning: "A rule table does not match its schema.",
    cause: "An unknown key, a missing source, a wrong unit, or a lower bound above the upper one.",
    cure: "Correct the mistakes: each line of the message begins with the path to one. Editors find them with rules/schema.json.",
  },
  "bad-config": {
    meaning: "A configuration file does not match its schema.",
    cause: "An unknown key, or a value of the wrong form.",
    cure: "Correct the mistake whose path the message begins with; --print-config shows what was read.",
  },
  refused: {
    meaning: "The file did not pass, so nothing was sent.",
    cause: "The report on the error lists every finding.",
    cure: "Do what the findings' hints say. acceptUnsure accepts findings whose readings disagree, and nothing else.",
  },
  "not-found": {
    meaning: "The file does not exist.",
    cause: "The path is misspelt, or the file was moved.",
    cure: "Check the path; quote patterns so that the shell does not expand them.",
  },
  unreadable: {
    meaning: "The file, Blob or stream could not be read.",
    cause:
      "Missing permissions, a directory instead of a file, a device error, or a picked file that has changed.",
    cure: "Check the permissions, or choose the file again.",
  },
  "no-media": {
    meaning: "A directory or pattern contains no media.",
    cause: "No file there has the extension of an image, video or audio format.",
    cure: "Name the files, or use another pattern.",
  },
  changed: {
    meaning: "The file changed while it was being processed.",
    cause: "Another program is still writing it.",
    cure: "Wait until the other program has finished, then run the command again.",
  },
  "path-refused": {
    meaning: "The path is outside the folders that the server for agents may read.",
    cause: "It leads out of them, itself or by a link; or the server was started in another folder.",
    cure: "Name a file in an allowed folder, or start media-preflight mcp with --allow DIR.",
  },
  "url-refused": {
    meaning: "The URL must not be fetched.",
    cause: "It is private or loopback, not http(s), a share link, or redirects to one of these.",
    cure: "Give a public http(s) URL that answers with the file.",
  },
  git: {
    meaning: "A git command failed.",
    cause: "Git is not installed, or this is not a repository.",
    cure: "Run it inside a repository, with git on the PATH.",
  },
  "no-engine": {
    meaning: "No program that decodes and encodes media was found.",
    cause:
      "Fixing files and --decode need ffmpeg with ffprobe; still images need sharp or ffmpeg. In a page, fixing needs mediabunny in the worker's script.",
    cure: "Install ffmpeg so that it is on PATH, or name it in FFMPEG_PATH. Programs in the current folder or repository are not used. In a page, bundle media-preflight/fix-worker with mediabunny and its encoders, and give its address as workerUrl.",
  },
  "engine-failed": {
    meaning: "The engine could not decode or encode the file.",
    cause:
      "The file is damaged, the installed version does not support its codec, or a memory limit was reached.",
    cure: "Play the file to see whether it is intact; install a newer ffmpeg; export the file again.",
  },
  aborted: {
    meaning: "The caller's signal stopped the operation.",
    cause: "Ctrl-C, a cancel button, or AbortController.abort().",
    cure: "Run it again. With a ledger, completed steps are recorded and will be skipped.",
  },
  timeout: {
    meaning: "A deadline passed.",
    cause: "The service or the network took longer than allowed.",
    cure: "Run it again, or allow a longer deadline; the id stays valid.",
  },
  "no-key": {
    meaning: "There is no API key.",
    cause: "ATLASCLOUD_API_KEY is not set.",
    cure: "Set ATLASCLOUD_API_KEY in the environment; a key is never an argument.",
  },
  network: {
    meaning: "The network failed before a response arrived.",
    cause:
      "No connection, a name that does not resolve, a proxy, a certificate that is not trusted, or a connection that was cut.",
    cure: "Check the connection and the base URL, then run it again. Behind a proxy set NODE_USE_ENV_PROXY=1 and HTTPS_PROXY; for a private certificate authority set NODE_EXTRA_CA_CERTS.",
  },
  unauthorized: {
    meaning: "HTTP 401: the service does not accept the key.",
    cause: "The key is wrong or belongs to another host. An unknown path answers 401 as well.",
    cure: "Check the key, and that each base URL belongs to its own host.",
  },
  "payment-required": {
    meaning: "HTTP 402: the account has no credit.",
    cause: "The balance or plan does not cover the call.",
    cure: "Top up the account.",
  },
  forbidden: {
    meaning: "HTTP 403: the account may not do this, or a proxy refused it.",
    cause: "A missing permission or subscription. An HTML body means that a proxy or firewall answered.",
    cure: "Check the account's permissions, or try from another network.",
  },
  "not-found-upstream": {
    meaning: "HTTP 404: the service does not know this id or path.",
    cause: "The id is wrong, or belongs to another account or host.",
    cure: "Take the id from media-preflight assets list.",
  },
  "too-large": {
    meaning: "HTTP 413: the body is larger than the service accepts.",
    cause: "The documented limit of uploadMedia is 50 MB; it has also refused smaller files.",
    cure: "Make the file smaller, or put it into your own storage and push its URL.",
  },
  "invalid-request": {
    meaning: "HTTP 400: the service does not accept the request.",
    cause: "A field is missing, or has a value that the service does not recognise.",
    cure: "Read the service's message, and run media-preflight explain with its code.",
  },
  unprocessable: {
    meaning: "HTTP 422: the service understood the request and refuses it.",
    cause: "A value is outside the range that the service accepts.",
    cure: "Change the value that the service's message names; the same request will fail again.",
  },
  "rate-limited": {
    meaning: "HTTP 429: too many requests.",
    cause: "The account made more calls than its rate limit allows.",
    cure: "Wait, or use fewer jobs at a time.",
  },
  "legally-unavailable": {
    meaning: "HTTP 451: not available for legal reasons.",
    cause: "The service may not serve this content or this region.",
    cure: "Use other content, or ask the service.",
  },
  server: {
    meaning: "HTTP 5xx: the service failed.",
    cause: "A fault or overload of the service.",
    cure: "Run it again later.",
  },
  protocol: {
    meaning: "The service's response does not have the documented form.",
    cause: "The service changed, or another server answers at the base URL.",
    cure: "Check the base URLs; report the problem with the request id.",
  },
  "asset-failed": {
    meaning: "The service set the asset's status to Failed.",
    cause: "The error carries the service's code, and the local report if there is one.",
    cure: "Run media-preflight explain with the code: it names the local rule, or states that no local check can predict it.",
  },
  "asset-gone": {
    meaning: "A recorded asset no longer exists, or is in the trash.",
    cause: "Somebody deleted it after it was registered.",
    cure: "Restore it with media-preflight assets restore ID, or register the file again with push --again gone.",
  },
  "asset-mismatch": {
    meaning: "The asset in a ledger entry could not be confirmed as this file's asset.",
    cause:
      "The ledger was edited, or comes from another machine, and the service's answer does not confirm it.",
    cure: "Do not trust that entry; push the file with --again gone to register it again.",
  },
  "prediction-failed": {
    meaning: "The generation ended without an output.",
    cause: "The model failed, timed out, or was cancelled.",
    cure: "Read the service's message; change the prompt or the references, then generate again.",
  },
  "outcome-unknown": {
    meaning: "A request may or may not have taken effect.",
    cause: "The response was lost, and a search for the result was inconclusive.",
    cure: "Check the list of assets, then follow the error's hint. The request is not repeated automatically.",
  },
  "storage-denied": {
    meaning: "The user's bucket refused the keys, or the keys cannot be used.",
    cause:
      "The keys are wrong, expired or end too soon, they lack a permission, or this computer's clock is wrong.",
    cure: "Follow the error's hint; media-preflight storage check tries every permission that is needed.",
  },
  "storage-config": {
    meaning: "The user's bucket cannot be reached as configured.",
    cause: "There is no bucket of that name, or it is in another region or at another endpoint.",
    cure: "Correct the bucket's name, AWS_REGION or AWS_ENDPOINT_URL_S3 as the message says.",
  },
  "storage-mismatch": {
    meaning: "The user's bucket has other bytes under a key that was computed from the file's content.",
    cause: "Something else writes to the same keys, or an object was damaged.",
    cure: "Find out what writes there, delete that object, then run the same command again.",
  },
  "ledger-invalid": {
    meaning: "The ledger does not match its schema.",
    cause: "It was edited or merged by hand, or a later version wrote it.",
    cure: "Restore it from version control; the message says where the mistake is.",
  },
  "ledger-locked": {
    meaning: "Another process is using the ledger.",
    cause: "A push is running with the same ledger.",
    cure: "Wait for it, or stop it. The lock is released as soon as that process ends.",
  },
  "ledger-unreachable": {
    meaning: "The ledger's database does not respond.",
    cause: "It is not running, the address or the password is wrong, or the network is down.",
    cure: "Check MEDIA_PREFLIGHT_LEDGER and the database, then run the same command again.",
  },
  "wasm-mismatch": {
    meaning: "The MediaInfo WebAssembly is not the expected one.",
    cause: "Its SHA-256 differs: another version was installed or served.",
    cure: "Install the expected version, and serve the file that comes with it.",
  },
  "browser-key": {
    meaning: "An API key was given to a web page.",
    cause: "Everybody who opens the page could take it.",
    cure: "Use createServerClient with the server handler, which keeps the key.",
  },
};
