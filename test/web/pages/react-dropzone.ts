import { createElement as h } from "react";
import { createRoot } from "react-dom/client";
import { useDropzone } from "react-dropzone";
import { mediaValidator } from "../../../src/web/react-dropzone.ts";

/* A React page with react-dropzone, as its users write it. */

const verdicts: string[] = [];
const validator = mediaValidator({
  type: "video",
  onReport: (file, report) => verdicts.push(`${file.name} ${report.verdict}`),
});

function Page() {
  const { getRootProps, getInputProps, acceptedFiles, fileRejections } = useDropzone({ validator });
  const accepted = acceptedFiles.map((file) => h("li", { key: file.name, className: "accepted" }, file.name));
  const rejected = fileRejections.map(({ file, errors }) =>
    h(
      "li",
      { key: file.name, className: "rejected" },
      `${file.name} | ${errors.map(({ code, message }) => `${code}: ${message}`).join(" | ")}`,
    ),
  );
  return h(
    "div",
    null,
    h("div", getRootProps(), h("input", getInputProps())),
    h("ul", null, accepted, rejected),
  );
}

const place = document.createElement("main");
document.body.append(place);
createRoot(place).render(h(Page));
Object.assign(globalThis, { verdicts });
