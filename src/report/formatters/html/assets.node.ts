import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as page from "./page-script.ts";

/*
 * The style sheet and the script of the page, as they are in a clone; src/cli/bundle.ts puts both, minified, in the
 * place of this module.
 */

export const css: string = readFileSync(join(import.meta.dirname, "page.css"), "utf8");
export const script: string = [...Object.values(page), "runPage();"].join("\n").replaceAll("\t", "  ");
