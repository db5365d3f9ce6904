import type { MediaPreflightElement } from "../../src/web/element/element.ts";

interface Sample {
  address: string;
  name: string;
  about: string;
}

const element = document.querySelector("media-preflight") as MediaPreflightElement;
const list = document.querySelector("aside ul") as HTMLUListElement;
const form = document.querySelector("form") as HTMLFormElement;

/** A drag that begins on a page cannot carry files (Chromium 153, seen): it carries a name. */
const dragged = "application/x-sample";
const byName = new Map<string, () => Promise<File>>();
element.addEventListener("dragover", (event) => {
  if (event.dataTransfer?.types.includes(dragged)) event.preventDefault();
});
element.addEventListener("drop", async (event) => {
  const file = byName.get(event.dataTransfer?.getData(dragged) ?? "");
  if (!file) return;
  event.preventDefault();
  element.add([await file()]);
});

const samples = (await (await fetch("/samples.json")).json()) as Sample[];
for (const sample of samples) {
  let file: File | null = null;
  const fetched = async (): Promise<File> => {
    const bytes = await (await fetch(sample.address)).arrayBuffer();
    // As a picker would have it: the type by the name alone.
    file = new File([bytes], sample.name, { type: typeOf(sample.name), lastModified: 0 });
    return file;
  };
  const button = document.createElement("button");
  const name = document.createElement("span");
  name.textContent = sample.name;
  button.type = "button";
  button.draggable = true;
  button.append(sample.about, name);
  button.addEventListener("pointerenter", () => void (file ?? fetched()));
  button.addEventListener("dragstart", (event) => event.dataTransfer?.setData(dragged, sample.name));
  byName.set(sample.name, async () => file ?? (await fetched()));
  button.addEventListener("click", async () => element.add([file ?? (await fetched())]));
  const item = document.createElement("li");
  item.append(button);
  list.append(item);
}

// A clip to begin with; `?empty` leaves the page as it is before the first file.
const { search } = location;
if (search === "?empty") (document.querySelector("details") as HTMLDetailsElement).open = true;
else {
  const clip = await (await fetch("/sunset-drive.mp4")).arrayBuffer();
  element.add([new File([clip], "sunset-drive.mp4", { type: "video/mp4", lastModified: 0 })]);
}

form.addEventListener("change", (event) => {
  const { name, value } = event.target as HTMLSelectElement;
  if (name === "mood") void fetch(`/mood/${value}`, { method: "POST" });
  else if (name === "theme") {
    document.documentElement.dataset.theme = value;
    element.setAttribute("theme", value);
  } else if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
});
form.reset();

function typeOf(name: string): string {
  const kinds: Record<string, string> = {
    mp4: "video/mp4",
    webm: "video/webm",
    jpg: "image/jpeg",
    png: "image/png",
    wav: "audio/wav",
    mp3: "audio/mpeg",
  };
  return kinds[name.split(".").pop() ?? ""] ?? "";
}
