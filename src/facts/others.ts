import { formats } from "./formats.ts";
import type { Others } from "./readers.ts";
import { sniffOthers } from "./sniff/others.ts";

/** What names the formats that are not read: most files never need it. */
export const others: Others = { sniff: sniffOthers, formats };
