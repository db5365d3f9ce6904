/** Importing this makes `<media-preflight>` known to the page; on a server it does nothing. */
import { MediaPreflightElement } from "./element.ts";

export { type ElementTexts, english } from "../locales/en.ts";
export { addLocale, type ElementLocale } from "./text.ts";
export { MediaPreflightElement };

declare global {
  interface HTMLElementTagNameMap {
    "media-preflight": MediaPreflightElement;
  }
}

const registry = globalThis.customElements;
if (registry && !registry.get("media-preflight")) registry.define("media-preflight", MediaPreflightElement);
