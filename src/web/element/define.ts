/** Importing this registers `<media-preflight>` and types its tag. On a server it only gives the names. */
import { MediaPreflightElement } from "./element.ts";

export type { FixMessages } from "../../fix/messages.ts";
export { type ElementTexts, english } from "../locales/en.ts";
export type { FixTexts } from "../locales/fix/en.ts";
export type { MediaPreflightEventMap } from "./events.ts";
export type { MediaPreflightAttributes } from "./frameworks.ts";
export { addLocale, type ElementLocale, type GivenLocale, type LoadLocale } from "./locale.ts";
export { MediaPreflightElement };

declare global {
  interface HTMLElementTagNameMap {
    "media-preflight": MediaPreflightElement;
  }
}

const registry = globalThis.customElements;
if (registry && !registry.get("media-preflight")) registry.define("media-preflight", MediaPreflightElement);
