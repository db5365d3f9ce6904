import * as media from "../../../src/browser.ts";

/** The library for tests that fix files in a page. */
Object.assign(globalThis, { media });
