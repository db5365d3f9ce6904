import { carriesFiles, filesOf } from "./dropped-files.ts";

/**
 * Takes files that are dropped on `target` or pasted anywhere in its page, until the signal fires. `over` is called with whether
 * files are being dragged over it.
 */
export function takeFiles(
  target: HTMLElement,
  take: (files: readonly File[]) => void,
  over: (hovering: boolean) => void,
  signal: AbortSignal,
): void {
  let depth = 0;
  const hover = (change: number): void => {
    depth = Math.max(0, depth + change);
    over(depth > 0);
  };
  const on = (type: "dragenter" | "dragover" | "dragleave" | "drop", act: (event: DragEvent) => void): void =>
    target.addEventListener(
      type,
      (event) => {
        if (!carriesFiles(event.dataTransfer)) return;
        event.preventDefault();
        act(event);
      },
      { signal },
    );
  on("dragenter", () => hover(1));
  on("dragleave", () => hover(-1));
  on("dragover", ({ dataTransfer }) => {
    if (dataTransfer) dataTransfer.dropEffect = "copy";
  });
  on("drop", ({ dataTransfer }) => {
    hover(-depth);
    if (dataTransfer) void filesOf(dataTransfer).then(take);
  });
  const pasted = (event: ClipboardEvent): void => {
    const { clipboardData, defaultPrevented } = event;
    if (defaultPrevented || !carriesFiles(clipboardData) || !clipboardData) return;
    const [inner] = event.composedPath();
    // A paste into a text field belongs to that field.
    const writing =
      inner instanceof HTMLElement && (inner.isContentEditable || inner.matches("input, textarea"));
    if (writing && !target.contains(event.target as Node)) return;
    event.preventDefault();
    void filesOf(clipboardData).then(take);
  };
  target.ownerDocument.addEventListener("paste", pasted, { signal });
}
