import css from "../style/list.css";

/* All that shows files, in one part that is loaded with the first of them. */

export { FileList } from "./file-list.ts";
export { offer } from "./offer.ts";
export const listCss: string = css;
