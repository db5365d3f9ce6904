import type {} from "react";
import type {} from "svelte/elements";
import type { HTMLAttributes as VueHTMLAttributes } from "vue";
import type { MediaPreflightElement } from "./element.ts";
import type { MediaPreflightEventMap } from "./events.ts";

/* The tag's types in JSX and templates. The build lets a framework be absent (test/package/assemble.ts). */

/** What `<media-preflight>` takes in HTML. `""` is a boolean attribute that is set. */
export interface MediaPreflightAttributes {
  /** What the files are to be used as. Default: what their bytes are. */
  type?: "image" | "video" | "audio" | undefined;
  /** A built-in rule table's id; a table itself is set as the property of the same name. */
  rules?: string | object | null | undefined;
  /** `observed`: check against what the service was last seen to accept. Default `documented`. */
  limits?: "documented" | "observed" | undefined;
  /** Treat every value that readings disagree on as unsure. */
  strict?: boolean | "" | undefined;
  /** Allow sending files whose readings disagree: empty for all rules, or rule ids separated by spaces or commas. */
  "accept-unsure"?: string | boolean | undefined;
  /** When libraries cross-check our parsers: `auto` (default) only if these met something unusual. */
  "cross-check"?: "auto" | "always" | "never" | undefined;
  /** Where the site serves MediaInfoModule.wasm. */
  "wasm-url"?: string | undefined;
  /** Where the site serves the worker that runs cross-checks. */
  "worker-url"?: string | undefined;
  /** Where the site serves the worker that makes files fit. Default: `fix-worker.js` beside the element's script. */
  "fix-worker-url"?: string | undefined;
  /** Where the server handler is mounted. Without it nothing can be sent. */
  endpoint?: string | undefined;
  /** The language. Default: the `lang` of the page around it. */
  locale?: string | undefined;
  /** Default 1000. With 1, a new file replaces the one before. */
  "max-files"?: number | string | undefined;
  /** The name of its value in a form. */
  name?: string | undefined;
  /** Default: the color scheme of the page around it. */
  theme?: "light" | "dark" | undefined;
}

/** Properties that frameworks set as such. */
type Properties = Partial<Pick<MediaPreflightElement, "headers">>;

/** Listeners as React and Svelte write them: `onmedia-preflight-report`. */
type Listeners = {
  [Name in keyof MediaPreflightEventMap as `on${Name}`]?:
    | ((event: MediaPreflightEventMap[Name]) => void)
    | undefined;
};

type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : Name;
/** Listeners as Vue's templates look them up: `@media-preflight-report` is `onMediaPreflightReport`. */
type VueListeners = {
  [Name in keyof MediaPreflightEventMap as `on${Capitalize<CamelCase<Name>>}`]?: (
    event: MediaPreflightEventMap[Name],
  ) => void;
};

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "media-preflight": React.DetailedHTMLProps<
        React.HTMLAttributes<MediaPreflightElement>,
        MediaPreflightElement
      > &
        MediaPreflightAttributes &
        Properties &
        Listeners;
    }
  }
}

declare module "vue" {
  interface GlobalComponents {
    "media-preflight": new () => {
      $props: VueHTMLAttributes & MediaPreflightAttributes & Properties & VueListeners;
    };
  }
}

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "media-preflight": Omit<HTMLAttributes<MediaPreflightElement>, "type" | "name"> &
      MediaPreflightAttributes &
      Properties &
      Listeners;
  }
}
