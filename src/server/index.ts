/** The page's way to the service, for the user's own server. */
export { createHandler } from "./handler.ts";
export type { Authorization, HandlerEvent, HandlerOptions, UploadQuotaOptions } from "./options.ts";
